using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>File systems whose last mount had no proper end.</summary>
public sealed class UncleanTests
{
    [SkippableTheory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void What_was_synced_is_there_after_a_power_failure(string fileSystem)
    {
        using var before = new AttachedImage(fileSystem);
        using var after = new AttachedImage(fileSystem) { Volume = before.Volume };
        var file = Path.Combine(before.Mount(), "file");
        File.WriteAllText(file, "content");
        Assert.Equal(0, ChildProcess.Run("sync", file).Status);
        after.CopyFrom(before);
        before.Unmount();

        Assert.Equal("content", after.MountAndRead());
        Assert.Equal(string.Equals(fileSystem, "ext4", StringComparison.Ordinal), after.Steps.Contains("checking the file system"));
        Assert.Equal(0, FileSystemTool.Check(fileSystem, after.Path));
        Assert.Equal("content", after.MountAndRead());
        Assert.DoesNotContain("checking the file system", after.Steps, StringComparer.Ordinal);
    }

    [SkippableFact]
    public void An_ext4_with_errors_that_e2fsck_corrects_by_itself_is_mounted()
    {
        using var image = new AttachedImage("ext4");
        image.MountAndWrite("content");
        Debugfs(image, "set_super_value free_blocks_count 1");
        Debugfs(image, "set_super_value state 2");

        Assert.Equal("content", image.MountAndRead());
        Assert.Contains("checking the file system", image.Steps, StringComparer.Ordinal);
        Assert.Equal(0, FileSystemTool.Check("ext4", image.Path));
    }

    [SkippableFact]
    public void An_ext4_that_e2fsck_does_not_correct_by_itself_is_not_mounted_and_e2fsck_says_why()
    {
        using var image = new AttachedImage("ext4");
        image.MountAndWrite("content");
        Debugfs(image, "clri <2>");
        Debugfs(image, "set_super_value state 2");

        var error = Assert.Throws<ClusterException>(image.Mount);
        Assert.Contains("volume 'data'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Root inode is not a directory", error.Message, StringComparison.Ordinal);
        Assert.Contains("RUN fsck MANUALLY", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(image.Steps, step => step.StartsWith("mounting", StringComparison.Ordinal));
        Assert.False(Directory.Exists(image.Mountpoint));
        Assert.Equal(error.Message, Assert.Throws<ClusterException>(image.Mount).Message);
    }

    [SkippableTheory]
    [InlineData("ext4", 4096, "e2fsck -f")]
    [InlineData("xfs", 100, "xfs_repair")]
    public void A_mount_that_is_refused_for_damage_names_the_volume_and_the_tool_that_repairs_it(
        string fileSystem, long damaged, string tool)
    {
        using var image = new AttachedImage(fileSystem);
        image.MountAndWrite("content");
        image.Write(damaged, 0xA5, 0x5A, 0xA5, 0x5A);

        var error = Assert.Throws<ClusterException>(image.Mount);
        Assert.Contains($"The {fileSystem} file system of volume 'data' could not be mounted", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{tool} {image.Path}", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(image.Mountpoint));
        _ = ChildProcess.Run(
            tool.Split(' ')[0],
            [.. string.Equals(fileSystem, "ext4", StringComparison.Ordinal) ? ["-f", "-y"] : Array.Empty<string>(), image.Path]);
        Assert.Equal("content", image.MountAndRead());
    }

    [SkippableTheory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_superblock_of_nonsense_is_refused_as_any_other_damage(string fileSystem)
    {
        using var image = new AttachedImage(fileSystem);
        image.MountAndWrite("content");
        var magicBytes = string.Equals(fileSystem, "xfs", StringComparison.Ordinal) ? 4 : 1024 + 0x3C;
        var nonsense = new byte[200];
        nonsense.AsSpan().Fill(0xFF);
        image.Write(magicBytes, nonsense);

        Assert.Contains("volume 'data'", Assert.Throws<ClusterException>(image.Mount).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(image.Mountpoint));
    }

    [SkippableFact]
    public void The_empty_lost_and_found_of_a_check_is_taken_away_whoever_has_checked()
    {
        using var image = new AttachedImage("ext4");
        image.MountAndWrite("content");
        Debugfs(image, "set_super_value state 2");
        Assert.Equal(["file"], NamesIn(image));

        Assert.InRange(ChildProcess.Run("e2fsck", "-f", "-y", image.Path).Status, 0, 1);
        Debugfs(image, "stat lost+found");
        Assert.Equal(["file"], NamesIn(image));
        Assert.Empty(image.Warnings);
        Assert.Equal(0, FileSystemTool.Check("ext4", image.Path));
    }

    [SkippableFact]
    public void What_a_check_has_put_into_lost_and_found_stays_and_is_warned_of()
    {
        using var image = new AttachedImage("ext4");
        image.MountAndWrite("content");
        Debugfs(image, "unlink file");
        Assert.InRange(ChildProcess.Run("e2fsck", "-f", "-y", image.Path).Status, 0, 1);

        Assert.Equal(["lost+found"], NamesIn(image));
        Assert.Contains("lost+found", Assert.Single(image.Warnings), StringComparison.Ordinal);
        var saved = Assert.Single(Directory.EnumerateFiles(Path.Combine(image.Mount(), "lost+found")));
        Assert.Equal("content", File.ReadAllText(saved));
        image.Unmount();
    }

    private static string[] NamesIn(AttachedImage image)
    {
        var names = Directory.EnumerateFileSystemEntries(image.Mount()).Select(path => Path.GetFileName(path)).ToArray();
        image.Unmount();
        return names;
    }

    private static void Debugfs(AttachedImage image, string request) =>
        Assert.Equal(0, ChildProcess.Run("debugfs", "-w", "-R", request, image.Path).Status);
}
