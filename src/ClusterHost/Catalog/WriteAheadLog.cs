using System.Buffers.Binary;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>What SQLite's write-ahead log holds that is committed and whole, read as SQLite reads it after a crash.</summary>
/// <param name="Pages">The newest checksum of each page in it.</param>
/// <param name="PageCount">How many pages the catalog has with it, 0 if it holds nothing.</param>
/// <param name="Frames">How many frames of it count.</param>
internal sealed record WriteAheadLog(IReadOnlyDictionary<uint, uint> Pages, uint PageCount, long Frames)
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;
    private const uint LittleEndian = 0x377f0682;

    private static readonly WriteAheadLog Empty = new(new Dictionary<uint, uint>(), 0, 0);

    /// <summary>Reads the log of a catalog.</summary>
    /// <param name="catalog">The catalog's path.</param>
    /// <param name="mostFrames">How many frames are looked at.</param>
    public static WriteAheadLog Read(string catalog, long mostFrames = long.MaxValue)
    {
        FileStream file;
        try
        {
            file = new FileStream(catalog + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 18);
        }
        catch (FileNotFoundException)
        {
            return Empty;
        }

        using (file)
        {
            return Read(file, mostFrames);
        }
    }

    private static WriteAheadLog Read(FileStream file, long mostFrames)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
        {
            return Empty;
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var pageSize = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        var sum = new Sum(magic == LittleEndian);
        sum.Add(header[..24]);
        if ((magic | 1) != (LittleEndian | 1) || pageSize is < 512 or > 65536 || !sum.Is(header[24..]))
        {
            return Empty;
        }

        var pages = new Dictionary<uint, uint>();
        var open = new List<(uint Page, uint Checksum)>();
        var frame = new byte[FrameHeaderSize + pageSize];
        var pageCount = 0u;
        var committed = 0L;
        for (var number = 1L; number <= mostFrames && file.ReadAtLeast(
            frame, frame.Length, throwOnEndOfStream: false) == frame.Length; number++)
        {
            var page = BinaryPrimitives.ReadUInt32BigEndian(frame);
            sum.Add(frame.AsSpan(0, 8));
            sum.Add(frame.AsSpan(FrameHeaderSize));
            if (page == 0 || !frame.AsSpan(8, 8).SequenceEqual(header.Slice(16, 8)) || !sum.Is(frame.AsSpan(16)))
            {
                break;
            }

            open.Add((page, Checksum.Of(frame.AsSpan(FrameHeaderSize))));
            if (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4)) is > 0 and var count)
            {
                open.ForEach(item => pages[item.Page] = item.Checksum);
                open.Clear();
                pageCount = count;
                committed = number;
            }
        }

        return new WriteAheadLog(pages, pageCount, committed);
    }

    private sealed class Sum(bool littleEndian)
    {
        private uint _first;
        private uint _second;

        public void Add(ReadOnlySpan<byte> content)
        {
            for (; content.Length >= 8; content = content[8..])
            {
                _first += Word(content) + _second;
                _second += Word(content[4..]) + _first;
            }
        }

        public bool Is(ReadOnlySpan<byte> told) =>
            BinaryPrimitives.ReadUInt32BigEndian(told) == _first && BinaryPrimitives.ReadUInt32BigEndian(told[4..]) == _second;

        private uint Word(ReadOnlySpan<byte> content) =>
            littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(content) : BinaryPrimitives.ReadUInt32BigEndian(content);
    }
}
