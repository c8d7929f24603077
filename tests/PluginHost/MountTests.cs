namespace HedvigStorage.PluginHost.Tests;

public sealed class MountTests
{
    [SkippableTheory]
    [InlineData("64MB", "ext4")]
    [InlineData("10GB", "ext4")]
    [InlineData("320MB", "xfs")]
    public async Task What_was_written_is_there_at_the_next_mount(string size, string fileSystem)
    {
        await using var plugin = await PluginFixture.StartAsync();
        Assert.Equal(string.Empty, await plugin.CreateAsync("data", $"\"size\":\"{size}\",\"fs\":\"{fileSystem}\""));

        var path = await plugin.MountAsync("data", "first");
        Assert.Equal(Path.Combine(plugin.MountRoot, "data"), path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        Assert.Equal(fileSystem, new DriveInfo(path).DriveFormat);
        await File.WriteAllTextAsync(Path.Combine(path, "file"), "content");
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "first"));
        Assert.False(Directory.Exists(path));
        Assert.Null(plugin.Cluster.Volume("data")!.Attachment);
        Assert.Empty(plugin.LoopDevices());

        _ = await plugin.MountAsync("data", "second");
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(path, "file")));
        Assert.Equal(string.Empty, await plugin.UnmountAsync("data", "second"));
        Assert.Equal(string.Empty, await plugin.RemoveAsync("data"));
        Assert.Null(plugin.Cluster.Volume("data"));
    }
}
