using System.Security.Cryptography;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// The identity (UUID) and the label of a volume's file system. The first half of the identity tells the volume, so that a file system that
/// came with a clone or a revert is known as another volume's. The second half is random, so that a file system that is recreated is never
/// taken for one that the volume had before (<see cref="FormattingMark"/>). It is a UUID of version 8, whose content is its maker's own
/// (RFC 9562, 5.8).
/// </summary>
internal static class FileSystemIdentity
{
    private const int UuidBytes = 16;
    private const int OwnerBytes = 8;
    private const int VersionByte = 6;
    private const int OwnVersion = 8;
    private const int Ext4LabelBytes = 16;
    private const int XfsLabelBytes = 12;

    /// <summary>Makes an identity for a file system of a volume.</summary>
    /// <param name="volume">The volume.</param>
    public static Guid Create(Volume volume)
    {
        var id = Guid.NewGuid();
        if (volume.Id is null)
        {
            return id;
        }

        Span<byte> bytes = stackalloc byte[UuidBytes];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        OwnerOf(volume.Id).CopyTo(bytes);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>
    /// Tells whether an identity is known to be another volume's: made for another, or the source's of a clone. One that somebody else
    /// chose is left alone.
    /// </summary>
    /// <param name="id">The file system's identity.</param>
    /// <param name="volume">The volume that has it.</param>
    public static bool IsOfAnother(Guid id, Volume volume)
    {
        if (volume.Id is null)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[UuidBytes];
        _ = id.TryWriteBytes(bytes, bigEndian: true, out _);
        return !bytes.StartsWith(OwnerOf(volume.Id)) && (bytes[VersionByte] >> 4 == OwnVersion || volume.SourceVolume is not null);
    }

    /// <summary>Gets the label of a volume's ext4: its name, cut to 16 bytes.</summary>
    /// <param name="volume">The volume's name.</param>
    public static string Ext4Label(string volume) => Label(volume, Ext4LabelBytes);

    /// <summary>Gets the label of a volume's XFS: its name, cut to 12 bytes.</summary>
    /// <param name="volume">The volume's name.</param>
    public static string XfsLabel(string volume) => Label(volume, XfsLabelBytes);

    private static byte[] OwnerOf(string volumeId)
    {
        var owner = SHA256.HashData(Encoding.UTF8.GetBytes(volumeId))[..OwnerBytes];
        owner[VersionByte] = (byte)((owner[VersionByte] & 0x0F) | (OwnVersion << 4));
        return owner;
    }

    // Volumes that other clients of a cluster have made may have any name. Outside of ASCII a label could be cut within a character.
    private static string Label(string volume, int bytes) =>
        string.Concat(
            volume.EnumerateRunes().Take(bytes)
                .Select(
                    rune =>
                        rune.IsAscii && ((char)rune.Value is '.' or '-' or '_' || char.IsAsciiLetterOrDigit((char)rune.Value))
                            ? rune.ToString()
                            : "_"));
}
