using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>The copy for systems that do not copy ranges of files themselves.</summary>
public sealed class RangeCopyTests : IDisposable
{
    private const int Block = 64 << 10;
    private const long Length = (20L << 20) + 5;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_copy_reads_the_same_and_takes_no_more_space_than_its_data()
    {
        using var source = Make("source");
        RandomAccess.Write(source, [1], 0);
        RandomAccess.Write(source, [2, 3], (16L * Block) - 1);
        RandomAccess.Write(source, [4], Length - 1);
        // Zeros that are stored, such as those of a file that was deleted within the volume.
        RandomAccess.Write(source, new byte[4 << 20], 8 << 20);
        using var target = Make("target");

        RangeCopy.Run(source, target, 0, Length, () => { });

        Assert.Equal(File.ReadAllBytes(_directory["source"]), File.ReadAllBytes(_directory["target"]));
        var status = Assert.NotNull(FileStatistics.Find(_directory["target"]));
        Assert.InRange(status.Allocated, 1, 4 * Block);
    }

    [Fact]
    public void Only_the_range_is_copied()
    {
        using var source = Make("source");
        RandomAccess.Write(source, [1, 2, 3, 4], 99);
        using var target = Make("target");

        RangeCopy.Run(source, target, 100, 102, () => { });

        Assert.Equal([0, 2, 3, 0], Read(target, 99, 4));
    }

    [Fact]
    public void What_is_called_before_each_chunk_can_end_the_copy()
    {
        using var source = Make("source");
        using var target = Make("target");
        var chunks = 0;

        Assert.Throws<TimeoutException>(() => RangeCopy.Run(source, target, 0, Length, () =>
        {
            if (++chunks == 3)
            {
                throw new TimeoutException();
            }
        }));

        Assert.Equal(3, chunks);
    }

    private SafeFileHandle Make(string name)
    {
        var file = File.OpenHandle(_directory[name], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.SetLength(file, Length);
        return file;
    }

    private static byte[] Read(SafeFileHandle file, long position, int count)
    {
        var bytes = new byte[count];
        _ = RandomAccess.Read(file, bytes, position);
        return bytes;
    }
}
