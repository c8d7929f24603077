using Xunit.Abstractions;

namespace HedvigStorage.Module.Tests;

/// <summary>Pester suites under the real pwsh, against a real cluster host.</summary>
public abstract class PesterSuiteTests : IDisposable
{
    // What measures time runs alone.
    private static readonly string[] Measuring = ["Loading.Tests.ps1", "Throttle.Tests.ps1"];

    private readonly ITestOutputHelper _output;
    private readonly string _resultFile = Path.GetTempFileName();

    private protected PesterSuiteTests(ITestOutputHelper output) => _output = output;

    /// <summary>Lists the suites of one of several lanes that run beside each other, every suite in one of them.</summary>
    /// <param name="lane">The lane, from 0.</param>
    /// <param name="lanes">How many there are.</param>
    public static TheoryData<string> SuitesOf(int lane, int lanes) =>
        [.. All().Except(Measuring, StringComparer.Ordinal).Where((_, index) => index % lanes == lane)];

    /// <summary>Lists the suites that measure time.</summary>
    public static TheoryData<string> MeasuringSuites() => [.. Measuring];

    public void Dispose()
    {
        File.Delete(_resultFile);
        GC.SuppressFinalize(this);
    }

    private protected async Task RunAsync(string suite)
    {
        var (exitCode, output) = await PowerShellHost.RunAsync(
            "-File",
            Path.Combine(Repository.Suites, "Invoke-Suite.ps1"),
            "-Path",
            Path.Combine(Repository.Suites, suite),
            "-ResultPath",
            _resultFile);
        _output.WriteLine(output);

        Assert.True(new FileInfo(_resultFile).Length > 0, $"The suite left no result:{Environment.NewLine}{output}");
        var report = PesterReport.Read(_resultFile);
        Assert.True(report.Failed.Count == 0, string.Join(Environment.NewLine, report.Failed));
        Assert.True(exitCode == 0, $"The suite ended with {exitCode}:{Environment.NewLine}{output}");
        Assert.NotEmpty(report.Passed.Concat(report.Skipped));
        if (report.Skipped.Count > 0)
        {
            var skipped = $"{report.Passed.Count} passed, but these were skipped: {string.Join("; ", report.Skipped)}";
            Assert.True(SuiteMachine.Missing is not null, skipped);
            Skip.If(true, $"Missing here: {SuiteMachine.Missing}. {skipped}");
        }
    }

    private static IEnumerable<string> All() =>
        Directory.GetFiles(Repository.Suites, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
