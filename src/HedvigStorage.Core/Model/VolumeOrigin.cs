namespace HedvigStorage;

/// <summary>
/// What a volume was made through: a label that plugin hosts put on what they make, so that a container engine's removal ends what was
/// begun with it and nothing else. <c>podman volume prune</c> asks the driver for all its volumes and removes each that no container uses.
/// </summary>
public static class VolumeOrigin
{
    /// <summary>The label's name.</summary>
    public const string Label = "io.hedvigstorage.origin";

    /// <summary>Its value for a volume that was made through a plugin host.</summary>
    public const string PluginHost = "plugin-host";

    /// <summary>Tells whether a volume was made through a plugin host.</summary>
    /// <param name="labels">The volume's labels.</param>
    public static bool IsPluginHost(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Label, out var origin) && string.Equals(origin, PluginHost, StringComparison.Ordinal);

    /// <summary>Gets the label for a volume that is made through a plugin host.</summary>
    public static IReadOnlyDictionary<string, string> OfPluginHost { get; } = new Dictionary<string, string>(
        StringComparer.Ordinal) { [Label] = PluginHost };
}
