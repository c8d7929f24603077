using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>
/// Holds image files against what is known of them: that they are there, whole and their own, and, of one that nobody has written since,
/// that its data is still in it. What is inside of the file system that an image holds is not looked at.
/// </summary>
internal sealed class ImageChecks(IImageSystem system, string cluster)
{
    // Where each file system that a mount takes has something that is not zero.
    private const int HeadSize = 128 << 10;
    private const int OwnerSize = 12;

    /// <summary>Notes in an image whose it is.</summary>
    public void Own(string image) => Own(image, image);

    /// <summary>Notes in a file that is to become an image whose it will be.</summary>
    public void Own(string file, string image) => system.WriteOwner(file, OwnerOf(image));

    /// <summary>Tells what is wrong with an image, or <see langword="null"/>.</summary>
    public string? FindDamage(string image, long size)
    {
        if (!system.TryGetStatus(image, out var status))
        {
            return $"Its image {image} is missing.";
        }

        if (status.Size < size)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Its image {image} has {status.Size} bytes of {size}.");
        }

        return system.ReadOwner(image) is { } owner && owner != OwnerOf(image)
            ? $"Its image {image} is another one's that was put in its place."
            : null;
    }

    /// <summary>As <see cref="FindDamage(string, long)"/>, and compares the content with a seal.</summary>
    public string? FindDamage(string image, long size, string? seal)
    {
        var found = FindDamage(image, size);
        if (found is not null || ImageSeal.Parse(seal) is not { } before)
        {
            return found;
        }

        using var file = Open(image);
        var now = Look(file, image);
        if (before.HasHead && !now.HasHead)
        {
            return $"Its image {image} is blank where its file system began.";
        }

        // A copy that was put back may have fewer blocks of zeros; the same file loses none by itself.
        return now.Number == before.Number && now.Number != 0 && now.Data >= 0 && now.Data < before.Data
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Its image {image} has lost {before.Data - now.Data} bytes of its data since it was last detached or made.")
            : null;
    }

    /// <summary>Makes what is in an image durable and describes it.</summary>
    public string? Seal(string image)
    {
        if (!system.TryGetStatus(image, out _))
        {
            return null;
        }

        ImageFiles.Flush(image);
        using var file = Open(image);
        return Look(file, image).ToString();
    }

    // Short, so that file systems find room for it in what they keep of a file anyway.
    private string OwnerOf(string image) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster}/{Path.GetFileNameWithoutExtension(image)}")).AsSpan(0, OwnerSize));

    private ImageSeal Look(SafeFileHandle file, string image)
    {
        _ = system.TryGetStatus(image, out var status);
        var head = new byte[HeadSize];
        var read = ImageFiles.Guard(image, () => RandomAccess.Read(file, head, 0));
        return new ImageSeal(status.Number, system.MeasureData(file, image), head.AsSpan(0, read).ContainsAnyExcept((byte)0));
    }

    private static SafeFileHandle Open(string image) =>
        ImageFiles.Guard(image, () => File.OpenHandle(image, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
}
