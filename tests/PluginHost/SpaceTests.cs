using System.Security.Cryptography;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>The space that volumes take up on the cluster's disk.</summary>
public sealed class SpaceTests
{
    [SkippableTheory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_file_that_is_deleted_in_a_mounted_volume_frees_its_space_in_the_image(string fileSystem)
    {
        const int FileBytes = 64 << 20;
        using var image = new AttachedImage(fileSystem);
        var file = Path.Combine(image.Mount(), "file");
        Synchronize(image);
        var before = image.Allocated;
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(FileBytes));
        Synchronize(image);
        Assert.InRange(image.Allocated, before + (FileBytes * 7 / 8), long.MaxValue);

        // Both free the blocks after the deletion has been synced, in the background: XFS syncs that by itself only after 30 s.
        File.Delete(file);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Synchronize(image);
                return image.Allocated < before + (FileBytes / 8);
            },
            TimeSpan.FromSeconds(30)));
        image.Unmount();
        Assert.Equal(0, FileSystemTool.Check(fileSystem, image.Path));
    }

    private static void Synchronize(AttachedImage image) => Assert.Equal(0, ChildProcess.Run("sync", "-f", image.Mountpoint).Status);
}
