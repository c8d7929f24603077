using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>Nothing mounts images on Windows, but another program may have one open, and Windows tells that by refusing it to us.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsImageUsers(ImageCopies copies) : IImageUsers
{
    private const int SharingViolation = unchecked((int)0x80070020);

    public bool IsOpenNowhere(string image) => FindObstacle(image) is null;

    public string? Find(string image) => FindObstacle(image)?.HResult == SharingViolation ? "a program that has the image open" : null;

    // The source is kept from writers while it is copied, so the copy is clean.
    public void Copy(string source, string target, long? size) => copies.CopyAtRest(source, target, size);

    public void CopyUnused(string source, string target, long? size) => copies.CopyAtRest(source, target, size);

    public void Release(string image)
    {
        // Nothing is frozen here.
    }

    private static Exception? FindObstacle(string image)
    {
        try
        {
            File.OpenHandle(image, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }
}
