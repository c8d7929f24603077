namespace HedvigStorage.PluginHost.Common;

/// <summary>
/// How long the calls of the volume plugin protocol may take: less than dockerd waits, which shows no cause when it gives up.
/// </summary>
/// <param name="Mount">The limit of a Mount.</param>
/// <param name="Unmount">The limit of an Unmount.</param>
/// <param name="Create">The limit of a Create.</param>
/// <param name="Remove">The limit of a Remove.</param>
internal sealed record CallLimits(TimeSpan Mount, TimeSpan Unmount, TimeSpan Create, TimeSpan Remove)
{
    /// <summary>
    /// Gets the limits of a plugin that dockerd finds by its socket. Source: moby, daemon/volume/drivers/proxy.go: 120 s for Mount and
    /// Create, 60 s for others.
    /// </summary>
    public static CallLimits OfSocket { get; } = new(
        TimeSpan.FromSeconds(110), TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(50));

    /// <summary>
    /// Gets the limits of a managed plugin. Source: docker/cli, cli/command/plugin/enable.go: a client gives up after 30 s whatever the
    /// call.
    /// </summary>
    public static CallLimits OfManaged { get; } = new(
        TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25));
}
