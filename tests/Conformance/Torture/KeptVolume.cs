namespace HedvigStorage.Conformance.Torture;

/// <summary>A volume and what was acknowledged to be in it.</summary>
internal sealed class KeptVolume(string name, int megabytes)
{
    public string Name => name;

    public int Megabytes { get; set; } = megabytes;

    /// <summary>Gets the SHA-256 of each file whose writing was acknowledged, by name.</summary>
    public Dictionary<string, string> Files { get; init; } = new(StringComparer.Ordinal);
}
