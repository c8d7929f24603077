namespace HedvigStorage.Architecture;

/// <summary>A project, and which other projects of the product it may use.</summary>
/// <param name="Project">Its name.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="Framework">Which build of it is looked at, where there are several.</param>
/// <param name="MayUse">The assemblies that it may use.</param>
public sealed record Room(string Project, string Assembly, string? Framework, params string[] MayUse)
{
    /// <summary>Gets the table of docs/architecture.md.</summary>
    public static IReadOnlyList<Room> All { get; } =
    [
        new("HedvigStorage.Core", "HedvigStorage.Core", null),
        new("HedvigStorage.Protocol", "HedvigStorage.Protocol", "net8.0", "HedvigStorage.Core"),
        new("HedvigStorage.Client", "HedvigStorage.Client", "net8.0", "HedvigStorage.Core", "HedvigStorage.Protocol"),
        new("HedvigStorage.Hosting", "HedvigStorage.Hosting", "net8.0", "HedvigStorage.Core", "HedvigStorage.Client"),
        new("HedvigStorage.Module", "HedvigStorage.Module", null, "HedvigStorage.Core"),
        new("HedvigStorage.Cli", "hv", null, "HedvigStorage.Core", "HedvigStorage.Client", "HedvigStorage.Hosting"),
        new("HedvigStorage.Linux", "HedvigStorage.Linux", null, "HedvigStorage.Core"),
        new("ClusterHost", "hv-cluster", null, "HedvigStorage.Core", "HedvigStorage.Protocol", "HedvigStorage.Linux"),
        new("PluginHost", "hv-plugin", null, "HedvigStorage.Core", "HedvigStorage.Protocol", "HedvigStorage.Client", "HedvigStorage.Linux"),
        new("HelpWriter", "HelpWriter", null),
    ];

    /// <summary>Finds the row of a project.</summary>
    public static Room Of(string project) => All.Single(room => string.Equals(room.Project, project, StringComparison.Ordinal));

    /// <summary>Gets the path of the assembly.</summary>
    public string Path => Repository.Built(Project, Assembly, Framework);

    /// <inheritdoc/>
    public override string ToString() => Project;
}
