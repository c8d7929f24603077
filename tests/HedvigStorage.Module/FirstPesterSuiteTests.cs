using Xunit.Abstractions;

namespace HedvigStorage.Module.Tests;

/// <summary>Every other Pester suite.</summary>
public sealed class FirstPesterSuiteTests(ITestOutputHelper output) : PesterSuiteTests(output)
{
    [SkippableTheory]
    [MemberData(nameof(SuitesOf), 0, 2)]
    public Task Suite_passes(string suite) => RunAsync(suite);
}
