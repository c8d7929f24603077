using System.Reflection;

namespace HedvigStorage.Module.Tests;

/// <summary>Where the suites are, as the build knew it.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Suites => Path.Combine(Root, "tests", "Module");

    /// <summary>Gets the folder that restored packages lie in.</summary>
    public static string Packages { get; } = Metadata("PackageRoot");

    private static string Metadata(string key) => typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal)).Value!;
}
