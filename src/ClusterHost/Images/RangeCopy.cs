using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>
/// Copies a range of a file into one of the same length that reads as zeros: blocks of zeros are left out, so that they take up no space.
/// </summary>
internal static class RangeCopy
{
    // What NTFS allocates of a sparse file at once.
    private const int Block = 64 << 10;
    private const int Chunk = 16 * Block;

    /// <summary>Copies.</summary>
    /// <param name="source">The file to read.</param>
    /// <param name="target">The file to write.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="end">The byte after the last one.</param>
    /// <param name="beforeChunk">Called before each chunk; what it throws ends the copy.</param>
    public static void Run(SafeFileHandle source, SafeFileHandle target, long start, long end, Action beforeChunk)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            var position = start;
            while (position < end)
            {
                beforeChunk();
                var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(Chunk, end - position)), position);
                if (read == 0)
                {
                    break;
                }

                WriteData(target, buffer.AsSpan(0, read), position);
                position += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteData(SafeFileHandle target, ReadOnlySpan<byte> chunk, long position)
    {
        for (var at = 0; at < chunk.Length; at += Block)
        {
            var block = chunk.Slice(at, Math.Min(Block, chunk.Length - at));
            if (block.ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(target, block, position + at);
            }
        }
    }
}
