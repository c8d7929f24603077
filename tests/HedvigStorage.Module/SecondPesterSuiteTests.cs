using Xunit.Abstractions;

namespace HedvigStorage.Module.Tests;

/// <summary>The Pester suites between those of <see cref="FirstPesterSuiteTests"/>, which run beside them.</summary>
public sealed class SecondPesterSuiteTests(ITestOutputHelper output) : PesterSuiteTests(output)
{
    [SkippableTheory]
    [MemberData(nameof(SuitesOf), 1, 2)]
    public Task Suite_passes(string suite) => RunAsync(suite);
}
