using Xunit.Abstractions;

namespace HedvigStorage.Module.Tests;

/// <summary>Every Pester suite under the real pwsh, against a real cluster host.</summary>
public sealed class PesterSuiteTests : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly string _resultFile = Path.GetTempFileName();

    public PesterSuiteTests(ITestOutputHelper output) => _output = output;

    public static TheoryData<string> Suites => [.. Directory.GetFiles(Repository.Suites, "*.Tests.ps1").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Suites))]
    public async Task Suite_passes(string suite)
    {
        var (exitCode, output) = await PowerShellHost.RunAsync("-File", Path.Combine(Repository.Suites, "Invoke-Suite.ps1"), "-Path", Path.Combine(Repository.Suites, suite), "-ResultPath", _resultFile);
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

    public void Dispose() => File.Delete(_resultFile);
}
