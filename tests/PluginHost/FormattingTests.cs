using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Mounts;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

public sealed class FormattingTests
{
    [SkippableFact]
    public async Task A_single_byte_far_inside_keeps_a_volume_from_being_formatted()
    {
        const long Offset = (40 << 20) + 12345;
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        Write(plugin.Cluster.ImageOf("data"), Offset, 1);

        Assert.Contains($"first data at byte {Offset}", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        using (var image = File.OpenHandle(plugin.Cluster.ImageOf("data")))
        {
            Assert.Equal(Offset, ImageContent.Read(image).FirstDataOffset);
        }

        Assert.False(plugin.IsMounted("data"));
        Assert.Empty(plugin.LoopDevices());
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
    }

    [SkippableFact]
    public async Task Zeros_that_take_up_space_are_blank()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        await File.WriteAllBytesAsync(plugin.Cluster.ImageOf("data"), new byte[64 << 20]);

        _ = await plugin.MountAsync("data", "one");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableTheory]
    [InlineData("ext4", "64MB")]
    [InlineData("xfs", "320MB")]
    public async Task A_file_system_that_was_half_made_is_recreated(string fileSystem, string size)
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", $"\"size\":\"{size}\",\"fs\":\"{fileSystem}\"");
        var host = HostIdentity.Read("tests");
        var attached = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = host.Name, BootId = host.BootId, MachineId = host.BootId }, default);
        await plugin.StopHostAsync();
        Write(attached.DevicePath, 1024, 0x5A);
        Write(attached.DevicePath, 8 << 20, 0x5A);
        SaveRecord(plugin, Mark(attached, host.BootId));

        await plugin.StartHostAsync();
        var path = await plugin.MountAsync("data", "one");
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        Assert.Equal(fileSystem, new DriveInfo(path).DriveFormat);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task Data_that_came_after_a_reboot_is_not_taken_for_a_half_made_file_system()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var attached = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = "tests", BootId = "earlier", MachineId = "earlier" }, default);
        await plugin.Cluster.DetachAsync(
            "data", new AttachmentHolder { Host = "tests", BootId = "earlier" }, attached.Attachment.Generation, default);
        await plugin.StopHostAsync();
        SaveRecord(plugin, Mark(attached, "earlier"));
        Assert.Equal(0, ChildProcess.Run("mkfs.ext4", "-q", "-F", attached.DevicePath).Status);
        Assert.Equal(0, ChildProcess.Run("debugfs", "-w", "-R", "mkdir theirs", attached.DevicePath).Status);
        await plugin.StartHostAsync();

        var path = await plugin.MountAsync("data", "one");
        Assert.True(Directory.Exists(Path.Combine(path, "theirs")), "the file system was formatted again");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task Data_that_came_after_a_reboot_and_cannot_be_mounted_is_not_cleared_either()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var attached = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = "tests", BootId = "earlier", MachineId = "earlier" }, default);
        await plugin.Cluster.DetachAsync(
            "data", new AttachmentHolder { Host = "tests", BootId = "earlier" }, attached.Attachment.Generation, default);
        await plugin.StopHostAsync();
        SaveRecord(plugin, Mark(attached, "earlier"));
        Write(attached.DevicePath, 8 << 20, 0x5A);
        await plugin.StartHostAsync();

        for (var time = 0; time < 2; time++)
        {
            Assert.Contains("first data at byte 8388608", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
            Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        }
    }

    [SkippableFact]
    public async Task A_half_made_file_system_whose_lease_has_ended_since_is_not_cleared_for_it_may_be_anothers()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var host = HostIdentity.Read("tests");
        var attached = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = host.Name, BootId = host.BootId, MachineId = host.BootId }, default);
        await plugin.StopHostAsync();
        SaveRecord(plugin, Mark(attached, host.BootId));
        plugin.Cluster.LoseLease("data");
        Write(attached.DevicePath, 8 << 20, 0x5A);
        await plugin.StartHostAsync();

        for (var time = 0; time < 2; time++)
        {
            Assert.Contains("first data at byte 8388608", await plugin.MountErrorAsync("data", "one"), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_file_system_that_another_host_has_mounted_since_it_was_made_is_not_recreated()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var attached = await plugin.Cluster.AttachAsync(
            new AttachmentRequest { Volume = "data", Host = "tests", BootId = "earlier", MachineId = "earlier" }, default);
        await plugin.StopHostAsync();
        var mark = Mark(attached, "earlier");
        SaveRecord(plugin, mark);
        plugin.Cluster.HoldBy("data", "elsewhere");
        Assert.Equal(0, ChildProcess.Run("mkfs.ext4", "-q", "-F", "-U", mark.FileSystemId.ToString()!, attached.DevicePath).Status);
        Assert.Equal(0, ChildProcess.Run("debugfs", "-w", "-R", "mkdir theirs", attached.DevicePath).Status);
        plugin.Cluster.LoseLease("data");
        await plugin.StartHostAsync();

        var path = await plugin.MountAsync("data", "one");
        Assert.True(Directory.Exists(Path.Combine(path, "theirs")), "the file system was formatted again");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    [SkippableFact]
    public async Task Owner_and_mode_are_those_of_the_volume_after_the_first_mount_only()
    {
        await using var plugin = await PluginFixture.StartAsync();
        Assert.Equal(string.Empty, await plugin.CreateAsync("data", "\"size\":\"64MB\",\"uid\":\"999\",\"gid\":\"998\",\"mode\":\"0750\""));

        var path = await plugin.MountAsync("data", "one");
        Assert.Equal("drwxr-x--- 999 998", Stat(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _ = await plugin.UnmountAsync("data", "one");
        _ = await plugin.MountAsync("data", "one");
        Assert.Equal("dr-x------ 999 998", Stat(path));
        _ = await plugin.UnmountAsync("data", "one");
    }

    [SkippableTheory]
    [InlineData("ext4", "64MB", "2GB")]
    [InlineData("ext4", "10GB", "400GB")]
    [InlineData("xfs", "320MB", "2GB")]
    public async Task A_volume_that_has_grown_has_a_larger_file_system_at_the_next_mount(string fileSystem, string size, string larger)
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data", $"\"size\":\"{size}\",\"fs\":\"{fileSystem}\"");
        _ = await plugin.MountAsync("data", "one");
        _ = await plugin.UnmountAsync("data", "one");
        _ = await plugin.Cluster.ResizeVolumeAsync("data", new ByteSize(larger), default);

        var path = await plugin.MountAsync("data", "one");
        Assert.InRange(new DriveInfo(path).TotalSize, new ByteSize(larger).Bytes * 9 / 10, new ByteSize(larger).Bytes);
        Assert.DoesNotContain(plugin.Log, line => line.Contains("could not be grown", StringComparison.Ordinal));
        _ = await plugin.UnmountAsync("data", "one");
        Assert.Equal(0, FileSystemTool.Check(fileSystem, plugin.Cluster.ImageOf("data")));
    }

    [SkippableTheory]
    [InlineData("64MB")]
    [InlineData("1GB")]
    [InlineData("10GB")]
    public async Task A_file_system_from_a_template_is_clean_and_has_an_identity_of_its_own(string size)
    {
        await using var plugin = await PluginFixture.StartAsync();
        foreach (var name in new[] { "one", "two" })
        {
            _ = await plugin.CreateAsync(name, $"\"size\":\"{size}\"");
            _ = await plugin.MountAsync(name, "id");
            _ = await plugin.UnmountAsync(name, "id");
            Assert.Equal(0, FileSystemTool.Check("ext4", plugin.Cluster.ImageOf(name)));
        }

        using var first = File.OpenHandle(plugin.Cluster.ImageOf("one"));
        using var second = File.OpenHandle(plugin.Cluster.ImageOf("two"));
        Assert.NotEqual(ImageContent.Read(first).FileSystemId, ImageContent.Read(second).FileSystemId);
    }

    [SkippableFact]
    public async Task A_full_volume_refuses_more_data()
    {
        await using var plugin = await PluginFixture.StartAsync();
        _ = await plugin.CreateAsync("data");
        var path = await plugin.MountAsync("data", "one");
        var file = Path.Combine(path, "file");

        var exception = Assert.Throws<IOException>(() => File.WriteAllBytes(file, new byte[65 << 20]));
        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "one"));
    }

    private static void SaveRecord(PluginFixture plugin, MountRecord record)
    {
        using var table = MountTable.Load(plugin.State);
        table.Save(record);
    }

    private static MountRecord Mark(AttachedVolume attached, string bootId) => new()
    {
        Volume = attached.Volume.Name,
        VolumeId = attached.Volume.Id,
        Generation = attached.Attachment.Generation,
        BootId = bootId,
        Image = attached.DevicePath,
        Phase = MountPhase.Formatting,
        FileSystemId = Guid.NewGuid(),
    };

    private static string Stat(string path) => ChildProcess.Run("stat", "-c", "%A %u %g", path).Output;

    private static void Write(string path, long offset, byte value)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, [value], offset);
    }
}
