using HedvigStorage.PluginHost.Native;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// What an ext4 needs before it is mounted, which is nothing if it was unmounted last time and is the volume's own. All calls block.
/// </summary>
internal static class Ext4Care
{
    /// <summary>
    /// Checks an ext4 that was not unmounted or notes errors, and gives one that came with a clone an identity of its own.
    /// </summary>
    /// <param name="request">The mount to come.</param>
    /// <param name="image">The open image.</param>
    /// <param name="content">What it holds.</param>
    /// <returns>What it holds afterwards.</returns>
    /// <exception cref="ClusterException">It has errors that e2fsck does not correct by itself.</exception>
    public static ImageContent Prepare(MountRequest request, SafeFileHandle image, ImageContent content)
    {
        var present = content;
        if (content.HasErrors || content.IsUnclean)
        {
            Check(request);
            present = ImageContent.Read(image);
        }

        if (present.TakesIdentity && FileSystemIdentity.IsOfAnother(present.FileSystemId, request.Volume))
        {
            GiveIdentity(request, image);
            present = ImageContent.Read(image);
        }

        return present;
    }

    /// <summary>
    /// Grows an ext4 that is not mounted: the kernel grows a mounted one only for a process with CAP_SYS_RESOURCE, which containers often
    /// lack.
    /// </summary>
    /// <param name="request">The mount to come.</param>
    /// <exception cref="ClusterException">It has errors that e2fsck does not correct by itself.</exception>
    public static void Grow(MountRequest request)
    {
        Check(request, "-f");
        request.Report.Begin("growing the file system");
        var (status, output) = ChildProcess.Run("resize2fs", request.Image);
        if (status != 0)
        {
            request.Report.Warn(
                $"The ext4 file system of volume '{request.Volume.Name}' could not be grown: {output.ReplaceLineEndings(" ")}");
        }
    }

    // Without -f it replays the journal and looks further only where the superblock tells of errors.
    private static void Check(MountRequest request, params string[] options)
    {
        const int FirstUncorrected = 4;
        request.Report.Begin("checking the file system");
        var (status, output) = ChildProcess.Run("e2fsck", [.. options, "-p", request.Image]);
        if (status >= FirstUncorrected)
        {
            throw new ClusterException(ErrorCode.Internal, string.Create(
                CultureInfo.InvariantCulture,
                $"The ext4 file system of volume '{request.Volume.Name}' has errors that e2fsck -p does not correct (status {status}): "
                    + $"{output.ReplaceLineEndings(" ")}"));
        }
    }

    // One write of what lies in one block: a crash leaves the old identity or the new one. (tune2fs writes the checksum apart from what it
    // is of.)
    // The superblock's copies keep the old identity, which only tells a volume from another; e2fsck brings them up to it.
    private static void GiveIdentity(MountRequest request, SafeFileHandle image)
    {
        request.Report.Begin("giving the file system an identity of its own");
        Span<byte> superblock = stackalloc byte[Ext4Superblock.Size];
        _ = RandomAccess.Read(image, superblock, Ext4Superblock.Offset);
        Ext4Superblock.SetIdentity(
            superblock, FileSystemIdentity.Create(request.Volume), FileSystemIdentity.Ext4Label(request.Volume.Name));
        RandomAccess.Write(image, superblock, Ext4Superblock.Offset);
        RandomAccess.FlushToDisk(image);
    }
}
