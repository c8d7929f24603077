using System.Security.Cryptography;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>What is not blank is never formatted, whatever it is, and not changed by the attempt to mount it.</summary>
public sealed class ForeignContentTests
{
    private const int Megabyte = 1 << 20;

    // Where each signature lies is in libblkid's sources, superblocks/*.c.
    [SkippableTheory]
    [InlineData("LVM, in the second sector", 512, "LABELONE")]
    [InlineData("LVM, in the fourth sector", 1536, "LABELONE")]
    [InlineData("LUKS", 0, "LUKS\u00ba\u00be")]
    [InlineData("LUKS 2, its second header alone", 0x4000, "SKUL\u00ba\u00be")]
    [InlineData("btrfs", 0x10040, "_BHRfS_M")]
    [InlineData("btrfs, a copy alone at an odd place", (40 * Megabyte) + 0x40, "_BHRfS_M")]
    [InlineData("swap space", 4086, "SWAPSPACE2")]
    [InlineData("swap space of a machine with 64 KB pages", 65526, "SWAPSPACE2")]
    [InlineData("software RAID at the end", (64 * Megabyte) - 65536, "\u00fc\u004e\u002b\u00a9")]
    [InlineData("an ISO image", 32769, "CD001")]
    [InlineData("a boot sector", 510, "U\u00aa")]
    [InlineData("a partition table's first entry", 446, "\u0080")]
    [InlineData("a GUID partition table", 512, "EFI PART")]
    [InlineData("a GUID partition table, its second copy alone", (64 * Megabyte) - 512, "EFI PART")]
    [InlineData("one byte, the first", 0, "\u0001")]
    [InlineData("one byte, the last", (64 * Megabyte) - 1, "\u0001")]
    public void A_signature_is_refused(string what, long offset, string signature)
    {
        using var image = new AttachedImage("ext4", size: "64MB");
        image.Write(offset, Encoding.Latin1.GetBytes(signature));
        AssertIsRefused(image, what, offset);
    }

    [SkippableTheory]
    [InlineData("ext4", 4096)]
    [InlineData("ext4", Megabyte)]
    [InlineData("xfs", 512)]
    [InlineData("xfs", Megabyte)]
    public void A_file_system_whose_start_was_zeroed_is_refused(string fileSystem, int zeroed)
    {
        using var former = new AttachedImage(fileSystem);
        former.MountAndWrite("content");
        using var image = new AttachedImage(fileSystem);
        image.CopyFrom(former);
        image.Write(0, new byte[zeroed]);
        AssertIsRefused(image, fileSystem, null);
    }

    private static void AssertIsRefused(AttachedImage image, string what, long? offset)
    {
        var before = Hash(image);
        var error = Assert.Throws<ClusterException>(image.Mount);
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("is neither mounted nor formatted", error.Message, StringComparison.Ordinal);
        if (offset is not null)
        {
            Assert.Contains($"first data at byte {offset})", error.Message, StringComparison.Ordinal);
        }

        Assert.False(image.BeganToFormat, what);
        Assert.Equal(before, Hash(image));
        Assert.False(Directory.Exists(image.Mountpoint), what);
    }

    private static string Hash(AttachedImage image)
    {
        using var file = File.OpenRead(image.Path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
