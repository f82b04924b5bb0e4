using Xunit.Abstractions;

namespace GenModels.Tests;

/// <summary>What xunit finds and runs, with xunit's own choices of everything.</summary>
internal sealed class TestProgress : LongLivedMarshalByRefObject, IMessageSink, ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions, IDisposable
{
    private readonly AutoResetEvent _found = new(false);
    private readonly ManualResetEventSlim _run = new();

    public List<ITestCase> Tests { get; } = [];

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    public void WaitForDiscovery() => _found.WaitOne();

    public void WaitForTests() => _run.Wait();

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestCaseDiscoveryMessage found: Tests.Add(found.TestCase); break;
            case IDiscoveryCompleteMessage: _found.Set(); break;
            case ITestPassed: Passed++; break;
            case ITestSkipped: Skipped++; break;
            case ITestFailed failure: Report(failure.Test.DisplayName, failure); break;
            case IErrorMessage error: Report("xunit", error); break;
            case ITestAssemblyFinished: _run.Set(); break;
        }
        return true;
    }

    public TValue? GetValue<TValue>(string name) => default;

    public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException("These options are fixed.");

    public void Dispose()
    {
        _found.Dispose();
        _run.Dispose();
    }

    private void Report(string name, IFailureInformation failure)
    {
        Failed++;
        Console.WriteLine($"{name}\n{string.Join('\n', failure.Messages)}\n{string.Join('\n', failure.StackTraces)}");
    }
}
