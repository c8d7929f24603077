namespace HedvigStorage.Loading;

/// <summary>Where the module's files lie, seen from this assembly in its <c>bin</c> folder.</summary>
internal static class ModulePaths
{
    public static string Root { get; } = Path.GetDirectoryName(Path.GetDirectoryName(typeof(ModulePaths).Assembly.Location))!;

    public static string Hosts => Path.Combine(Root, "hosts");

    public static string Dependencies(string framework) => Path.Combine(Root, "dependencies", framework);
}
