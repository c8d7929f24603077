using System.Buffers.Binary;
using System.Numerics;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>The parts of ext4's superblock that are read or set here (the kernel's Documentation/filesystems/ext4/super.rst).</summary>
internal static class Ext4Superblock
{
    /// <summary>Where the first copy lies in the file system.</summary>
    public const int Offset = 1024;

    /// <summary>The size of a copy.</summary>
    public const int Size = 1024;

    /// <summary>Where the magic number lies in it.</summary>
    public const int Magic = 0x38;

    /// <summary>The magic number.</summary>
    public const ushort MagicNumber = 0xEF53;

    private const int BlockCountLow = 0x04;
    private const int LogBlockSize = 0x18;
    private const int State = 0x3A;
    private const int IncompatibleFeatures = 0x60;
    private const int ReadOnlyCompatibleFeatures = 0x64;
    private const int Uuid = 0x68;
    private const int VolumeName = 0x78;
    private const int HashSeed = 0xEC;
    private const int BlockCountHigh = 0x150;
    private const int Checksum = 0x3FC;
    private const int CleanState = 1;
    private const int ErrorState = 2;
    private const uint NeedsRecovery = 4;
    private const uint ChecksumSeed = 0x2000;
    private const uint MetadataChecksums = 0x400;
    private const int UuidBytes = 16;
    private const int VolumeNameBytes = 16;

    /// <summary>Gets the size of the file system in bytes.</summary>
    public static long Bytes(ReadOnlySpan<byte> superblock)
    {
        var blocks = BinaryPrimitives.ReadUInt32LittleEndian(superblock[BlockCountLow..])
            | ((long)BinaryPrimitives.ReadUInt32LittleEndian(superblock[BlockCountHigh..]) << 32);
        return blocks * BlockSize(superblock);
    }

    /// <summary>Gets the size of a block in bytes.</summary>
    public static int BlockSize(ReadOnlySpan<byte> superblock) =>
        1024 << (int)(BinaryPrimitives.ReadUInt32LittleEndian(superblock[LogBlockSize..]) & 0xf);

    /// <summary>Tells whether the file system notes that it has met errors.</summary>
    public static bool HasErrors(ReadOnlySpan<byte> superblock) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(superblock[State..]) & ErrorState) != 0;

    /// <summary>
    /// Tells whether the file system was not unmounted, so that its journal (or, without one, all of it) is to be looked through.
    /// </summary>
    public static bool IsUnclean(ReadOnlySpan<byte> superblock) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(superblock[State..]) & CleanState) == 0
        || (BinaryPrimitives.ReadUInt32LittleEndian(superblock[IncompatibleFeatures..]) & NeedsRecovery) != 0;

    /// <summary>
    /// Tells whether <see cref="SetIdentity"/> is for it: with a seed apart from the identity, which all checksums but the superblock's own
    /// begin with otherwise.
    /// </summary>
    public static bool TakesIdentity(ReadOnlySpan<byte> superblock) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(superblock[IncompatibleFeatures..]) & ChecksumSeed) != 0
        && (BinaryPrimitives.ReadUInt32LittleEndian(superblock[ReadOnlyCompatibleFeatures..]) & MetadataChecksums) != 0;

    /// <summary>Tells whether a block's part of this size is a copy of the superblock with a given identity.</summary>
    public static bool IsCopy(ReadOnlySpan<byte> candidate, ReadOnlySpan<byte> uuid) =>
        BinaryPrimitives.ReadUInt16LittleEndian(candidate[Magic..]) == MagicNumber && candidate.Slice(Uuid, UuidBytes).SequenceEqual(uuid);

    /// <summary>Gets the file system's identity.</summary>
    public static ReadOnlySpan<byte> UuidOf(ReadOnlySpan<byte> superblock) => superblock.Slice(Uuid, UuidBytes);

    /// <summary>
    /// Gives a copy of the superblock another seed of directory hashes, as long as there are no directories; <see cref="SetIdentity"/> goes
    /// after it.
    /// </summary>
    public static void SetHashSeed(Span<byte> superblock, ReadOnlySpan<byte> hashSeed) => hashSeed.CopyTo(superblock[HashSeed..]);

    /// <summary>Gives a copy of the superblock another identity and label, and the checksum that goes with its content.</summary>
    public static void SetIdentity(Span<byte> superblock, Guid id, string label)
    {
        _ = id.TryWriteBytes(superblock[Uuid..], bigEndian: true, out _);
        var name = superblock.Slice(VolumeName, VolumeNameBytes);
        name.Clear();
        _ = Encoding.ASCII.GetBytes(label, name);
        var checksum = uint.MaxValue;
        foreach (var value in superblock[..Checksum])
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(superblock[Checksum..], checksum);
    }
}
