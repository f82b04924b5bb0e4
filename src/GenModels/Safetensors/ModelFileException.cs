namespace GenModels;

/// <summary>A model file is not what it should be: damaged, of another format, or of another model. The message names the file and the field.</summary>
/// <remarks>A file that is missing or can't be read at all is another <see cref="IOException"/>.</remarks>
public sealed class ModelFileException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong with which file, and what was expected.</param>
    /// <param name="innerException">What led to it, if anything.</param>
    public ModelFileException(string message, Exception? innerException = null) : base(message, innerException) { }

    /// <summary>What an exception says, without the name of the parameter that .NET puts after it.</summary>
    internal static string Reason(Exception e) => e is ArgumentException ? e.Message.Split(" (Parameter '")[0] : e.Message;

    internal static ModelFileException For(string path, string finding, string expectation, Exception? inner = null) =>
        new($"The file '{path}' {finding}. Expected {expectation}.", inner);
}
