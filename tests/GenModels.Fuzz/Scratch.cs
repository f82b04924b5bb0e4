namespace GenModels.Fuzz;

/// <summary>A folder for as long as something is done in it.</summary>
internal static class Scratch
{
    public static T Use<T>(Func<string, T> use)
    {
        string folder = Directory.CreateTempSubdirectory("genmodels-fuzz-").FullName;
        try
        {
            return use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The bytes that something writes to the path that it is given.</summary>
    public static byte[] Written(Action<string> write) => Use(folder =>
    {
        string path = Path.Combine(folder, "file");
        write(path);
        return File.ReadAllBytes(path);
    });
}
