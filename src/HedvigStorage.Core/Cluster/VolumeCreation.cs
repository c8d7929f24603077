namespace HedvigStorage;

/// <summary>What became of one of many volumes that were to be made: the volume or the error, never both.</summary>
public sealed class VolumeCreation
{
    private VolumeCreation(Volume? volume, ClusterException? error)
    {
        Volume = volume;
        Error = error;
    }

    /// <summary>Gets the volume as it is now, or <see langword="null"/> if it could not be made.</summary>
    public Volume? Volume { get; }

    /// <summary>Gets why it could not be made, or <see langword="null"/>.</summary>
    public ClusterException? Error { get; }

    /// <summary>Makes the outcome of a volume that is there.</summary>
    /// <param name="volume">The volume.</param>
    public static VolumeCreation Made(Volume volume) => new(volume, null);

    /// <summary>Makes the outcome of a volume that could not be made.</summary>
    /// <param name="error">Why.</param>
    public static VolumeCreation Failed(ClusterException error) => new(null, error);
}
