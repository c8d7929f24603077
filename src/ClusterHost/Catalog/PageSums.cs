using System.Buffers.Binary;
using HedvigStorage.ClusterHost.Platforms;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// A checksum for each page of the catalog's file as the last whole checkpoint left it. SQLite believes what it reads: a page that was
/// zeroed or changed behind its back is known by this.
/// </summary>
internal sealed class PageSums
{
    private const ulong Magic = 0x31534d5553564821;
    private const int HeaderSize = 16;

    private readonly uint[] _sums;

    private PageSums(int pageSize, uint[] sums)
    {
        PageSize = pageSize;
        _sums = sums;
    }

    public int PageSize { get; }

    public int Count => _sums.Length;

    public static string PathOf(string catalog) => Path.ChangeExtension(catalog, ".sums");

    /// <summary>Reads the checksums of a catalog.</summary>
    /// <returns><see langword="null"/> if they are not there, or are damaged themselves.</returns>
    public static PageSums? Read(string catalog)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(PathOf(catalog));
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        if (content.Length < HeaderSize + sizeof(uint)
            || BinaryPrimitives.ReadUInt64LittleEndian(content) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(content.Length - sizeof(uint))) != Checksum.Of(
                content.AsSpan(0, content.Length - sizeof(uint))))
        {
            return null;
        }

        var sums = new uint[BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(12))];
        for (var index = 0; index < sums.Length; index++)
        {
            sums[index] = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(HeaderSize + (index * sizeof(uint))));
        }

        return new PageSums(BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(8)), sums);
    }

    /// <summary>Takes the checksums of a file that is known to be right and that nobody writes.</summary>
    public static PageSums Take(SafeFileHandle file)
    {
        Span<byte> header = stackalloc byte[18];
        _ = RandomAccess.Read(file, header, 0);
        var told = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        var page = new byte[told == 1 ? 65536 : Math.Max((int)told, 512)];
        var sums = new uint[RandomAccess.GetLength(file) / page.Length];
        for (var index = 0; index < sums.Length; index++)
        {
            _ = RandomAccess.Read(file, page, (long)index * page.Length);
            sums[index] = Checksum.Of(page);
        }

        return new PageSums(page.Length, sums);
    }

    /// <summary>What the checksums are after a checkpoint has brought a log's pages into the file.</summary>
    public PageSums With(WriteAheadLog log)
    {
        if (log.Frames == 0)
        {
            return this;
        }

        var sums = new uint[log.PageCount];
        _sums.AsSpan(0, Math.Min(_sums.Length, sums.Length)).CopyTo(sums);
        foreach (var (page, sum) in log.Pages.Where(item => item.Key <= sums.Length))
        {
            sums[page - 1] = sum;
        }

        return new PageSums(PageSize, sums);
    }

    /// <summary>Finds the pages that are not as they were written.</summary>
    /// <param name="file">The catalog's file.</param>
    /// <param name="first">The first page, counted from 0.</param>
    /// <param name="count">How many are looked at.</param>
    /// <param name="log">The log whose pages are newer than these checksums.</param>
    public List<int> FindDamage(SafeFileHandle file, int first, int count, WriteAheadLog log)
    {
        var damaged = new List<int>();
        var page = new byte[PageSize];
        for (var index = first; index < Math.Min((long)first + count, _sums.Length); index++)
        {
            if (!log.Pages.ContainsKey((uint)index + 1)
                && (RandomAccess.Read(file, page, (long)index * PageSize) < PageSize || Checksum.Of(page) != _sums[index]))
            {
                damaged.Add(index + 1);
            }
        }

        return damaged;
    }

    /// <summary>Writes them, durably.</summary>
    public void Write(string catalog)
    {
        var content = new byte[HeaderSize + (_sums.Length * sizeof(uint)) + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(content, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), PageSize);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(12), _sums.Length);
        for (var index = 0; index < _sums.Length; index++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(HeaderSize + (index * sizeof(uint))), _sums[index]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(
            content.AsSpan(content.Length - sizeof(uint)), Checksum.Of(content.AsSpan(0, content.Length - sizeof(uint))));
        RunningSystem.Current.PrivateFiles.Write(PathOf(catalog), content);
    }
}
