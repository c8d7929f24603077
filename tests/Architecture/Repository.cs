using System.Reflection;

namespace HedvigStorage.Architecture;

/// <summary>Where things are.</summary>
internal static class Repository
{
    public static string Root { get; } = Value("RepositoryRoot");

    /// <summary>Gets the path of a project's assembly as it was built with these tests.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="assembly">The assembly's.</param>
    /// <param name="framework">The framework, where the project is built for several.</param>
    public static string Built(string project, string assembly, string? framework) =>
        Path.Combine(
            Value("BuiltDirectory"),
            project,
            Value("BuiltConfiguration") + (framework is null ? string.Empty : "_" + framework),
            assembly + ".dll");

    private static string Value(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(item => string.Equals(item.Key, key, StringComparison.Ordinal)).Value!;
}
