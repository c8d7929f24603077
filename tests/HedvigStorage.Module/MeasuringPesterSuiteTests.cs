using Xunit.Abstractions;

namespace HedvigStorage.Module.Tests;

/// <summary>The Pester suites that measure time: nothing runs beside them.</summary>
[Collection(AloneCollection.Name)]
public sealed class MeasuringPesterSuiteTests(ITestOutputHelper output) : PesterSuiteTests(output)
{
    [SkippableTheory]
    [MemberData(nameof(MeasuringSuites))]
    public Task Suite_passes(string suite) => RunAsync(suite);
}
