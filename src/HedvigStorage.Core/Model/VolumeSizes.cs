namespace HedvigStorage;

/// <summary>The sizes that volumes can have whatever the engine: a file system needs room for itself.</summary>
public static class VolumeSizes
{
    /// <summary>Gets the least size of a volume that is made with a file system.</summary>
    /// <param name="fileSystem">The file system.</param>
    public static ByteSize SmallestOf(VolumeFileSystem fileSystem) => ByteSize.FromMegabytes(fileSystem == VolumeFileSystem.Xfs ? 300 : 16);

    /// <summary>
    /// Writes what sizes a volume may have, such as <c>16MB or more and less than 16TB</c>: the largest image is a block short of a round
    /// number, and nobody reads 17179869180KB.
    /// </summary>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    public static string Range(ByteSize least, ByteSize most)
    {
        const long Block = 4096;
        var (exact, beyond) = (most.ToString(), most.Bytes <= long.MaxValue - Block ? new ByteSize(most.Bytes + Block).ToString() : null);
        return beyond is not null && beyond.Length < exact.Length ? $"{least} or more and less than {beyond}" : $"{least} to {exact}";
    }
}
