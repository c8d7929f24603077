using System.Runtime.InteropServices;
using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Engines.Ceph.Native;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>
/// A client that writes the blocks of an image, each time with a higher number, and another that reads them. Neither has a cache, so that
/// what the first was told to be written is in Ceph, and what the second reads comes from there.
/// </summary>
internal sealed class WriteLoad : IDisposable
{
    private const int Blocks = 64;
    private const int BlockBytes = 4096;
    private const int BlockDistance = 1 << 20;
    private const string Image = "load";

    private readonly RadosCluster _writer;
    private readonly RadosCluster _reader;
    private readonly string _pool;
    private readonly long[] _acknowledged = new long[Blocks];
    private readonly Thread[] _threads;
    private readonly List<string> _faults = [];
    private long _writes;
    private long _reads;
    private volatile bool _ended;

    public WriteLoad(CephOptions options, string pool)
    {
        _pool = pool;
        _writer = RadosCluster.Connect(options, new CephCalls());
        _reader = RadosCluster.Connect(options, new CephCalls());
        new RbdPool(_writer, pool).Create(Image, (long)Blocks * BlockDistance);
        _threads = [new Thread(() => Guard(WriteAll)), new Thread(() => Guard(ReadAll))];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Gets how many writes Ceph has acknowledged.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Waits for more reads and writes to be answered.</summary>
    public async Task GoOnAsync(int more = 100)
    {
        var (writes, reads) = (Writes, Interlocked.Read(ref _reads));
        await Eventually.TrueAsync(
            () => (Writes >= writes + more && Interlocked.Read(ref _reads) >= reads + more) || Faults() is not null,
            "reads and writes go on",
            seconds: 90);
        Assert.Null(Faults());
    }

    /// <summary>Ends the load and reads, as somebody who comes later, what was acknowledged.</summary>
    public void EndAndVerify()
    {
        End();
        Assert.Null(Faults());
        Assert.All(
            Enumerable.Range(0, Blocks), block => Assert.True(Read(_reader, block) >= _acknowledged[block], $"Block {block} is lost."));
    }

    public void Dispose()
    {
        End();
        _writer.Dispose();
        _reader.Dispose();
    }

    private void End()
    {
        _ended = true;
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private string? Faults()
    {
        lock (_faults)
        {
            return _faults.Count == 0 ? null : string.Join('\n', _faults);
        }
    }

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            lock (_faults)
            {
                _faults.Add(error.ToString());
            }
        }
    }

    private unsafe void WriteAll()
    {
        using var image = Open(_writer);
        var buffer = new long[BlockBytes / sizeof(long)];
        for (long number = 1; !_ended; number++)
        {
            var block = (int)(number % Blocks);
            buffer.AsSpan().Fill(number);
            fixed (long* start = buffer)
            {
                Assert.Equal(BlockBytes, RbdLibrary.Write(image, (ulong)block * BlockDistance, BlockBytes, (byte*)start));
            }

            Assert.Equal(0, RbdLibrary.Flush(image));
            Interlocked.Exchange(ref _acknowledged[block], number);
            Interlocked.Increment(ref _writes);
        }
    }

    private void ReadAll()
    {
        for (var block = 0; !_ended; block = (block + 1) % Blocks)
        {
            var acknowledged = Interlocked.Read(ref _acknowledged[block]);
            var found = Read(_reader, block);
            Assert.True(found >= acknowledged, $"Block {block} has {found}, and {acknowledged} was acknowledged.");
            Interlocked.Increment(ref _reads);
        }
    }

    private unsafe long Read(RadosCluster client, int block)
    {
        using var image = Open(client, readOnly: true);
        var buffer = new byte[BlockBytes];
        fixed (byte* start = buffer)
        {
            Assert.Equal(BlockBytes, RbdLibrary.Read(image, (ulong)block * BlockDistance, BlockBytes, start));
        }

        // A block is written whole or not at all.
        return Assert.Single(MemoryMarshal.Cast<byte, long>(buffer).ToArray().Distinct());
    }

    private ImageHandle Open(RadosCluster client, bool readOnly = false)
    {
        var pool = client.OpenPool(_pool);
        nint image;
        var result = readOnly
            ? RbdLibrary.OpenReadOnly(pool, Image, out image, snapshot: null)
            : RbdLibrary.Open(pool, Image, out image, snapshot: null);
        Assert.Equal(0, result);
        return new ImageHandle(pool, image);
    }
}
