using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// The directory that e2fsck and xfs_repair put files without a name in, and that every full check creates again. Databases refuse a data
/// directory that has anything in it, so an empty one is taken away once the volume is mounted, whoever has checked the file system; one
/// with content is left to whom the files belong.
/// </summary>
internal static class LostAndFound
{
    /// <summary>Takes it away from the volume that has just been mounted, if it is empty. It blocks.</summary>
    /// <param name="request">The mount.</param>
    public static void TakeAway(MountRequest request)
    {
        if (LibC.RemoveDirectory(Path.Combine(request.Mountpoint, "lost+found")) != 0 && LibC.LastError == ErrorNumber.NotEmpty)
        {
            request.Report.Warn(
                $"A check of the file system of volume '{request.Volume.Name}' has put files that had lost their names into its directory "
                    + "lost+found, which stays. Take them out, or remove the directory: some databases refuse to start while it is there.");
        }
    }
}
