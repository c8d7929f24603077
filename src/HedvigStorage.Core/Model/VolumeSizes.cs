namespace HedvigStorage;

/// <summary>The sizes that volumes can have whatever the engine: a file system needs room for itself.</summary>
public static class VolumeSizes
{
    /// <summary>Gets the least size of a volume that is made with a file system.</summary>
    /// <param name="fileSystem">The file system.</param>
    public static ByteSize SmallestOf(VolumeFileSystem fileSystem) => ByteSize.FromMegabytes(fileSystem == VolumeFileSystem.Xfs ? 300 : 16);
}
