using System.Buffers;
using System.Buffers.Binary;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>What an image holds.</summary>
internal enum ContentKind
{
    /// <summary>Every byte is zero.</summary>
    Blank,

    /// <summary>An ext4 file system.</summary>
    Ext4,

    /// <summary>An XFS file system.</summary>
    Xfs,

    /// <summary>Something else, which is nobody's to overwrite.</summary>
    Unknown,
}

/// <summary>What an image holds, and how large a file system in it believes to be.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="FileSystemBytes">The file system's size, or 0.</param>
/// <param name="FirstDataOffset">Where the first byte that is not zero lies in a content of no known kind, or -1.</param>
/// <param name="FileSystemId">The file system's identity, or zeros.</param>
internal readonly record struct ImageContent(ContentKind Kind, long FileSystemBytes, long FirstDataOffset, Guid FileSystemId = default)
{
    private const int XfsUuid = 32;
    private const int HeaderBytes = 4096;

    /// <summary>Gets whether the file system notes that it has met errors.</summary>
    public bool HasErrors { get; private init; }

    /// <summary>Gets whether an ext4 was not unmounted. The journal of XFS is its mount's own business.</summary>
    public bool IsUnclean { get; private init; }

    /// <summary>Gets whether an ext4 can be given another identity by a change of its superblock alone.</summary>
    public bool TakesIdentity { get; private init; }

    /// <summary>Looks at an image. It blocks.</summary>
    /// <param name="image">The open image.</param>
    public static ImageContent Read(SafeFileHandle image)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header = header[..RandomAccess.Read(image, header, 0)];
        if (header.Length == HeaderBytes)
        {
            if (header.StartsWith("XFSB"u8))
            {
                var bytes = BinaryPrimitives.ReadUInt32BigEndian(header[4..]) * BinaryPrimitives.ReadInt64BigEndian(header[8..]);
                return new(ContentKind.Xfs, bytes, 0, new Guid(header.Slice(XfsUuid, 16), bigEndian: true));
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(
                header[(Ext4Superblock.Offset + Ext4Superblock.Magic)..]) == Ext4Superblock.MagicNumber)
            {
                var superblock = header[Ext4Superblock.Offset..];
                return new(
                    ContentKind.Ext4, Ext4Superblock.Bytes(superblock), 0, new Guid(Ext4Superblock.UuidOf(superblock), bigEndian: true))
                {
                    HasErrors = Ext4Superblock.HasErrors(superblock),
                    IsUnclean = Ext4Superblock.IsUnclean(superblock),
                    TakesIdentity = Ext4Superblock.TakesIdentity(superblock),
                };
            }
        }

        var first = FirstData(image);
        return new(first < 0 ? ContentKind.Blank : ContentKind.Unknown, 0, first);
    }

    // Holes read as zeros and are skipped, so a blank image of any size is known as such at once.
    private static long FirstData(SafeFileHandle image)
    {
        const int ChunkBytes = 256 * 1024;
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var offset = SparseFile.NextData(image, 0); offset is { } start;)
            {
                var end = SparseFile.NextHole(image, start) ?? RandomAccess.GetLength(image);
                while (start < end)
                {
                    var read = RandomAccess.Read(image, chunk.AsSpan(0, (int)Math.Min(ChunkBytes, end - start)), start);
                    if (read == 0)
                    {
                        break;
                    }

                    var found = chunk.AsSpan(0, read).IndexOfAnyExcept((byte)0);
                    if (found >= 0)
                    {
                        return start + found;
                    }

                    start += read;
                }

                offset = SparseFile.NextData(image, end);
            }

            return -1;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
