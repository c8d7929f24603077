using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// Takes the attacher's steps one after the other and writes between them what a crash must not forget: that a file system is about to be
/// made is on disk before its first byte is, and is taken back only when none of it is left. So what a crash leaves can be told from data.
/// </summary>
internal sealed class VolumeMounter(IAttacher attacher, MountTable table, VolumeProgress progress, ILogger log)
{
    /// <summary>Mounts a volume, in which a file system is made if it is blank. It blocks. If it throws, nothing is mounted.</summary>
    /// <param name="record">What is known of it.</param>
    /// <param name="request">What to mount where.</param>
    /// <exception cref="ClusterException">It cannot be mounted.</exception>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public void Mount(MountRecord record, MountRequest request) => Run(request, image =>
    {
        if (image.State == ImageState.HalfMade)
        {
            Clear(image);
        }

        if (image.State == ImageState.Blank)
        {
            FormatAndMount(record, image);
        }
        else
        {
            attacher.Mount(image);
        }
    });

    /// <summary>Mounts a volume again that had a file system before. It blocks.</summary>
    /// <param name="request">What to mount where.</param>
    /// <exception cref="ClusterException">It cannot be mounted, or is blank.</exception>
    public void MountAgain(MountRequest request) => Run(request, image =>
    {
        if (image.State == ImageState.Blank)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The image of volume '{request.Volume.Name}' is blank, and was not when it was mounted before: it is not formatted "
                + "again.");
        }

        attacher.Mount(image);
    });

    private void Run(MountRequest request, Action<InspectedImage> steps)
    {
        progress.Follow(request.Volume.Name, request.Report);
        try
        {
            using var image = attacher.Inspect(request);
            steps(image);
        }
        finally
        {
            foreach (var warning in request.Report.Warnings)
            {
                PluginLog.Problem(log, warning);
            }
        }
    }

    private void FormatAndMount(MountRecord record, InspectedImage image)
    {
        var id = FileSystemIdentity.Create(image.Request.Volume);
        table.Save(record with { Phase = MountPhase.Formatting, FileSystemId = id });
        try
        {
            attacher.Format(image, id);
            attacher.Mount(image);
        }
        catch
        {
            Clear(image);
            throw;
        }
    }

    private void Clear(InspectedImage image)
    {
        attacher.Clear(image);
        table.Remove(image.Request.Volume.Name);
    }
}
