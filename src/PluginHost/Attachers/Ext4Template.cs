using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// What mkfs.ext4 writes for one size: a few hundred kilobytes that are the same each time, but for the identity, the label and the seed of
/// the directory hashes in the superblock and its copies. Writing them takes less than a tenth of the time of running mkfs.ext4, which
/// syncs several times.
/// </summary>
internal sealed class Ext4Template
{
    private const int BlockBytes = 4096;
    private readonly List<(long Offset, byte[] Bytes)> _runs = [];
    private readonly List<(int Run, int Offset)> _superblocks = [];

    private Ext4Template()
    {
    }

    /// <summary>Takes the content of an image with a new file system of 4 KB blocks and <c>metadata_csum_seed</c>.</summary>
    /// <param name="image">The open image.</param>
    public static Ext4Template Read(SafeFileHandle image)
    {
        var template = new Ext4Template();
        for (var offset = SparseFile.NextData(image, 0); offset is { } start;)
        {
            var end = SparseFile.NextHole(image, start) ?? RandomAccess.GetLength(image);
            template.Add(image, start, end);
            offset = SparseFile.NextData(image, end);
        }

        template.FindSuperblocks();
        return template;
    }

    /// <summary>
    /// Writes the file system into a blank image of the same size, with an identity of its own. It blocks; the caller syncs.
    /// </summary>
    /// <param name="image">The open image.</param>
    /// <param name="id">The identity.</param>
    /// <param name="label">The label.</param>
    public void WriteTo(SafeFileHandle image, Guid id, string label)
    {
        Span<byte> seed = stackalloc byte[16];
        _ = Guid.NewGuid().TryWriteBytes(seed);
        foreach (var (offset, bytes) in _runs)
        {
            RandomAccess.Write(image, bytes, offset);
        }

        Span<byte> superblock = stackalloc byte[Ext4Superblock.Size];
        foreach (var (run, offset) in _superblocks)
        {
            _runs[run].Bytes.AsSpan(offset, Ext4Superblock.Size).CopyTo(superblock);
            Ext4Superblock.SetHashSeed(superblock, seed);
            Ext4Superblock.SetIdentity(superblock, id, label);
            RandomAccess.Write(image, superblock, _runs[run].Offset + offset);
        }
    }

    private void Add(SafeFileHandle image, long start, long end)
    {
        var block = new byte[BlockBytes];
        using var run = new MemoryStream();
        for (var position = start; position < end; position += BlockBytes)
        {
            var read = RandomAccess.Read(image, block, position);
            if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                run.Write(block, 0, read);
                continue;
            }

            Flush(position);
        }

        Flush(end);

        void Flush(long position)
        {
            if (run.Length > 0)
            {
                _runs.Add((position - run.Length, run.ToArray()));
                run.SetLength(0);
            }
        }
    }

    // The first copy lies 1 KB into the first block, all others at the start of their group's first block.
    private void FindSuperblocks()
    {
        if (_runs.Count == 0 || _runs[0].Offset != 0)
        {
            throw new IOException("mkfs.ext4 made no superblock.");
        }

        var uuid = Ext4Superblock.UuidOf(_runs[0].Bytes.AsSpan(Ext4Superblock.Offset)).ToArray();
        _superblocks.Add((0, Ext4Superblock.Offset));
        for (var run = 0; run < _runs.Count; run++)
        {
            for (var offset = 0; offset + Ext4Superblock.Size <= _runs[run].Bytes.Length; offset += BlockBytes)
            {
                if (Ext4Superblock.IsCopy(_runs[run].Bytes.AsSpan(offset, Ext4Superblock.Size), uuid))
                {
                    _superblocks.Add((run, offset));
                }
            }
        }
    }
}
