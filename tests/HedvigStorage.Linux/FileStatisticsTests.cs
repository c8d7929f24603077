using System.Runtime.Versioning;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Linux.Tests;

/// <summary>What is told of files is what other ways of asking tell.</summary>
[SupportedOSPlatform("linux")]
public sealed class FileStatisticsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public FileStatisticsTests() => Skip.IfNot(OperatingSystem.IsLinux(), "These are calls of Linux.");

    private string Target => _directory.File("file");

    [SkippableFact]
    public void A_file_is_the_same_by_its_path_and_when_it_is_open()
    {
        File.WriteAllText(Target, "content");
        using var file = File.OpenHandle(Target);

        var statistics = Assert.NotNull(FileStatistics.Find(Target));

        Assert.Equal(statistics, FileStatistics.FindAtOnce(Target));
        Assert.Equal(statistics, FileStatistics.Of(file));
        Assert.Equal("content".Length, statistics.Size);
        Assert.Equal(File.GetLastWriteTimeUtc(Target), DateTime.UnixEpoch.AddTicks((long)(statistics.ContentChange / 100)));
    }

    [SkippableFact]
    public void A_file_that_is_not_there_has_none()
    {
        Assert.Null(FileStatistics.Find(Target));
        Assert.Equal(ErrorNumber.NoEntry, LibC.LastError);
    }

    [SkippableFact]
    public void The_device_of_a_file_is_the_one_that_is_mounted_there()
    {
        var proc = Assert.NotNull(FileStatistics.Find("/proc"));

        Assert.Contains(MountInfo.Of(MountInfo.Self), mount => mount.Mountpoint == "/proc" && mount.Device == proc.Device);
        Assert.True(proc.IsOnDeviceOf(Assert.NotNull(FileStatistics.Find("/proc/version"))));
        Assert.False(proc.IsOnDeviceOf(Assert.NotNull(FileStatistics.Find("/"))));
    }

    [SkippableFact]
    public void Data_and_holes_are_found()
    {
        const int Block = 1 << 20;
        using var file = File.OpenHandle(Target, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.SetLength(file, 4 * Block);
        Assert.Null(SparseFile.NextData(file, 0));
        RandomAccess.Write(file, new byte[Block], 2 * Block);

        var data = SparseFile.NextData(file, 0);
        SparseFile.Clear(file, 0, 4 * Block);

        Assert.Equal(2 * Block, data);
        Assert.Null(SparseFile.NextData(file, 0));
        Assert.Equal(4 * Block, RandomAccess.GetLength(file));
    }

    public void Dispose() => _directory.Dispose();
}
