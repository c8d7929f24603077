using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace HedvigStorage.Module.Tests;

/// <summary>Where the suites are, as the build knew it.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    public static string Suites => Path.Combine(Root, "tests", "Module");
}
