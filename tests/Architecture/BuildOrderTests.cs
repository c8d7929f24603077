namespace HedvigStorage.Architecture;

/// <summary>Whoever builds a project that others refer to has all of it.</summary>
public sealed class BuildOrderTests
{
    /// <summary>
    /// MSBuild tells a project that waits for another one's <c>Build</c> to go on as soon as that target is done: a target that is hung behind it may run minutes later,
    /// after the tests that need what it lays out.
    /// </summary>
    [Fact]
    public void Nothing_is_hung_behind_the_end_of_a_build()
    {
        string[] found = [.. ProjectFiles().Where(file => File.ReadAllText(file).Contains("AfterTargets=\"Build\"", StringComparison.Ordinal))];
        Assert.True(found.Length == 0, "AfterTargets=\"CoreBuild\" is waited for, AfterTargets=\"Build\" is not: " + string.Join(", ", found));
    }

    private static IEnumerable<string> ProjectFiles() =>
        new[] { "src", "tests" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Where(file => Path.GetExtension(file) is ".csproj" or ".props" or ".targets");
}
