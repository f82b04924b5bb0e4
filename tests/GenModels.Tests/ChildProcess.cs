using System.ComponentModel;
using System.Diagnostics;

namespace GenModels.Tests;

/// <summary>
/// A program that a test starts, with a limit to how long it may run: a process that is still there by then is killed with all that it
/// started, which also ends whatever waits for it or reads from it.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _command;
    private readonly Timer _limit;
    private readonly TimeSpan _time;
    private readonly Task<string> _error;
    private volatile bool _isOverdue;

    private ChildProcess(Process process, string command, TimeSpan time)
    {
        (_process, _command, _time) = (process, command, time);
        _error = process.StandardError.ReadToEndAsync();
        _limit = new Timer(_ => EndOverdue(), null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts a program whose output and errors the test reads.</summary>
    /// <param name="limit">How long it may run.</param>
    /// <param name="program">What to start.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="configure">Sets the working folder or the environment.</param>
    public static ChildProcess Start(TimeSpan limit, string program, IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null)
    {
        // A script's background jobs ignore SIGINT, and children inherit that; env gives them the default back.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        configure?.Invoke(start);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        return new ChildProcess(process, $"{program} {string.Join(' ', arguments)}", limit);
    }

    /// <summary>Runs a program to its end.</summary>
    public static (int Status, string Output, string Error) Run(
        TimeSpan limit, string program, IEnumerable<string> arguments, Action<ProcessStartInfo>? configure = null)
    {
        using var process = Start(limit, program, arguments, configure);
        return process.Finish();
    }

    /// <summary>Its number, by which the system knows it.</summary>
    public int Id => _process.Id;

    /// <summary>Waits for the next line of output.</summary>
    public string? ReadLine() => InTime(_process.StandardOutput.ReadLine());

    /// <summary>Sends a signal, such as INT.</summary>
    public void Signal(string name) => Run(_time, "kill", [$"-{name}", $"{_process.Id}"]);

    /// <summary>Waits, and tells whether the process has ended by then.</summary>
    public bool HasEndedWithin(TimeSpan time) => InTime(_process.WaitForExit(time));

    /// <summary>Kills the process, which has no say in it, unless it has ended before.</summary>
    /// <returns>Whether it was killed.</returns>
    public bool KillAfter(TimeSpan time)
    {
        if (HasEndedWithin(time)) return false;
        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    /// <summary>Reads what is left of the output and waits for the end.</summary>
    public (int Status, string Output, string Error) Finish()
    {
        string output = _process.StandardOutput.ReadToEnd(), error = _error.GetAwaiter().GetResult();
        _process.WaitForExit();
        return InTime((_process.ExitCode, output, error));
    }

    public void Dispose()
    {
        _limit.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private T InTime<T>(T result) => !_isOverdue
        ? result
        : throw new TimeoutException($"{_command} had not ended after {_time.TotalSeconds} s and was killed.");

    private void EndOverdue()
    {
        try
        {
            if (_process.HasExited) return;
            _isOverdue = true;
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or one of those that it started, ended at the same moment.
        }
    }
}
