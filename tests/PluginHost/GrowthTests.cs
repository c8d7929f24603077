using System.Diagnostics;
using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>Volumes that grow while they are mounted.</summary>
public sealed class GrowthTests
{
    [SkippableTheory]
    [InlineData("ext4", "64MB", "1GB")]
    [InlineData("xfs", "320MB", "1GB")]
    public async Task A_mounted_volume_grows_while_it_is_written(string fileSystem, string size, string larger)
    {
        Skip.If(
            string.Equals(fileSystem, "ext4", StringComparison.Ordinal) && !MayGrowMountedExt4,
            "The kernel grows a mounted ext4 only with CAP_SYS_RESOURCE.");
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", $"\"size\":\"{size}\",\"fs\":\"{fileSystem}\"");
        var path = await plugin.MountAsync("data", "one");
        var image = plugin.Cluster.ImageOf("data");
        var writer = new Writer(Path.Combine(path, "log"));
        await writer.HasWrittenMoreAsync();
        _ = await plugin.Cluster.ResizeVolumeAsync("data", new ByteSize(larger), default);

        Assert.True(AttacherOf(plugin).Grow(image, path));

        await writer.HasWrittenMoreAsync();
        var lines = await writer.StopAsync();
        Assert.InRange(new DriveInfo(path).TotalSize, new ByteSize(larger).Bytes * 9 / 10, new ByteSize(larger).Bytes);
        await File.WriteAllBytesAsync(Path.Combine(path, "large"), new byte[new ByteSize(size).Bytes * 2]);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.Equal(0, FileSystemTool.Check(fileSystem, image));
        _ = await plugin.MountAsync("data", "one");
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(path, "log")).Length);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task An_ext4_that_the_kernel_does_not_let_grow_while_mounted_goes_on_and_grows_at_the_next_mount()
    {
        Skip.If(MayGrowMountedExt4, "This process may grow a mounted ext4.");
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        var writer = new Writer(Path.Combine(path, "log"));
        await writer.HasWrittenMoreAsync();
        _ = await plugin.Cluster.ResizeVolumeAsync("data", new ByteSize("1GB"), default);

        for (var time = 0; time < 2; time++)
        {
            var error = Assert.Throws<ClusterException>(() => AttacherOf(plugin).Grow(plugin.Cluster.ImageOf("data"), path));
            Assert.Contains("grows at the next mount", error.Message, StringComparison.Ordinal);
        }

        await writer.HasWrittenMoreAsync();
        var lines = await writer.StopAsync();
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        _ = await plugin.MountAsync("data", "one");
        Assert.InRange(new DriveInfo(path).TotalSize, new ByteSize("900MB").Bytes, new ByteSize("1GB").Bytes);

        // e2fsck has created lost+found again, which a database would refuse.
        Assert.Equal(["log"], Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName));
        Assert.Equal(lines, File.ReadAllLines(Path.Combine(path, "log")).Length);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
        Assert.Equal(0, FileSystemTool.Check("ext4", plugin.Cluster.ImageOf("data")));
    }

    [SkippableTheory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public async Task Growing_a_volume_that_has_its_size_changes_nothing_and_takes_no_time(string fileSystem)
    {
        const int Calls = 200;
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", $"\"size\":\"320MB\",\"fs\":\"{fileSystem}\"");
        var path = await plugin.MountAsync("data", "one");
        var (attacher, image) = (AttacherOf(plugin), plugin.Cluster.ImageOf("data"));
        var before = new DriveInfo(path).TotalSize;
        var watch = Stopwatch.StartNew();
        for (var call = 0; call < Calls; call++)
        {
            Assert.False(attacher.Grow(image, path));
        }

        // A child process alone takes longer than this.
        Assert.InRange(watch.Elapsed / Calls, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Equal(before, new DriveInfo(path).TotalSize);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task Growth_that_stopped_between_the_device_and_the_file_system_goes_on()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", "\"size\":\"320MB\",\"fs\":\"xfs\"");
        var path = await plugin.MountAsync("data", "one");
        var image = plugin.Cluster.ImageOf("data");
        _ = await plugin.Cluster.ResizeVolumeAsync("data", new ByteSize("1GB"), default);
        using (var device = LoopDevice.Open(LoopDevice.Find(image)!.Value))
        {
            LoopDevice.AdaptSize(device);
        }

        Assert.True(AttacherOf(plugin).Grow(image, path));
        Assert.InRange(new DriveInfo(path).TotalSize, new ByteSize("900MB").Bytes, new ByteSize("1GB").Bytes);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task A_volume_that_is_not_mounted_cannot_be_grown_as_if_it_were()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var error = Assert.Throws<ClusterException>(
            () => AttacherOf(plugin).Grow(plugin.Cluster.ImageOf("data"), Path.Combine(plugin.MountRoot, "data")));
        Assert.Contains("is not mounted at", error.Message, StringComparison.Ordinal);
    }

    // CAP_SYS_RESOURCE is bit 24 of the effective capabilities (linux/capability.h).
    private static bool MayGrowMountedExt4 =>
        ChildProcess.Run("awk", "/^CapEff/ { print $2 }", "/proc/self/status").Output is { Length: > 0 } mask
            && (Convert.ToUInt64(mask, 16) & (1UL << 24)) != 0;

    private static ImageAttacher AttacherOf(PluginFixture plugin) => new(new FileSystemMaker(plugin.State));

    /// <summary>Adds a synced line after the other to a file until it is told to stop.</summary>
    private sealed class Writer
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _writing;
        private int _lines;

        public Writer(string file) => _writing = Task.Run(() =>
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            while (!_stop.IsCancellationRequested)
            {
                stream.Write("a line that has to stay\n"u8);
                stream.Flush(flushToDisk: true);
                _ = Interlocked.Increment(ref _lines);
            }
        });

        public async Task HasWrittenMoreAsync()
        {
            var before = Volatile.Read(ref _lines);
            Assert.True(
                await Task.Run(() => SpinWait.SpinUntil(
                    () => _writing.IsCompleted || Volatile.Read(ref _lines) > before + 2, TimeSpan.FromSeconds(30))));
            Assert.False(_writing.IsCompleted, "the writer failed");
        }

        public async Task<int> StopAsync()
        {
            await _stop.CancelAsync();
            await _writing;
            _stop.Dispose();
            return _lines;
        }
    }
}
