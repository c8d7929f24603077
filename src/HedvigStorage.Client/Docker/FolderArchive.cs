using HedvigStorage.Client.Compatibility;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// The first entry of a tar archive, where it is a folder. .NET's own reader is not in netstandard2.0, and would read on to the end.
/// Source: POSIX.1-2017, pax, <em>ustar Interchange Format</em> and <em>pax Header Block</em>; the numbers beyond octal are GNU tar's.
/// </summary>
internal static class FolderArchive
{
    private const int Block = 512;
    private const int NameLength = 100;
    private const int LargestHeader = 1 << 20;
    private const int PermissionBits = 0xFFF; // 07777
    private const byte Folder = (byte)'5';
    private const byte HeaderOfNext = (byte)'x';
    private const byte HeaderOfAll = (byte)'g';

    /// <summary>Reads whose the folder is; <see langword="null"/> if the first entry is not a folder.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Protocol"/>: it is not an archive.</exception>
    public static async Task<FolderOwner?> ReadAsync(Stream archive, CancellationToken cancellationToken)
    {
        long? uid = null;
        long? gid = null;
        while (true)
        {
            var header = await ReadAsync(archive, Block, cancellationToken).ConfigureAwait(false);
            var kind = header[156];
            if (kind is not HeaderOfNext and not HeaderOfAll)
            {
                return kind != Folder ? null : new FolderOwner(
                    ToId(uid ?? Number(header, 108, 8)),
                    ToId(gid ?? Number(header, 116, 8)),
                    (int)(Number(header, 100, 8) & PermissionBits),
                    DateTimeOffset.FromUnixTimeSeconds(Number(header, 136, 12)));
            }

            var length = Number(header, 124, 12);
            if (length is < 0 or > LargestHeader)
            {
                throw NotAnArchive();
            }

            var records = await ReadAsync(archive, (int)((length + Block - 1) / Block * Block), cancellationToken).ConfigureAwait(false);
            var lines = Encoding.UTF8.GetString(records, 0, (int)length).Split('\n');
            uid = Record(lines, " uid=") ?? uid;
            gid = Record(lines, " gid=") ?? gid;
        }
    }

    /// <summary>Writes an archive of one folder.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="owner">Whose it is.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the name is longer than 98 bytes.</exception>
    public static byte[] Write(string name, FolderOwner owner)
    {
        // Two blank blocks end an archive.
        var archive = new byte[3 * Block];
        var bytes = Encoding.UTF8.GetBytes(name + "/");
        if (bytes.Length >= NameLength)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The name of the folder '{name}' is longer than 98 bytes, so its owner cannot be set.");
        }

        bytes.CopyTo(archive, 0);
        Write(archive, 100, 8, owner.Mode);
        Write(archive, 108, 8, owner.Uid);
        Write(archive, 116, 8, owner.Gid);
        Write(archive, 124, 12, 0);
        Write(archive, 136, 12, owner.ModifiedAt.ToUnixTimeSeconds());
        archive[156] = Folder;
        Encoding.ASCII.GetBytes("ustar\000").CopyTo(archive, 257);
        Encoding.ASCII.GetBytes("        ").CopyTo(archive, 148);
        Write(archive, 148, 8, archive.Take(Block).Sum(value => value));
        return archive;
    }

    private static int ToId(long value) => value is >= 0 and <= int.MaxValue ? (int)value : throw NotAnArchive();

    private static long? Record(string[] lines, string key) =>
        lines.Select(line => line.Split([key], 2, StringSplitOptions.None))
            .Select(
                parts =>
                    parts.Length == 2 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                        ? value
                        : (long?)null)
            .LastOrDefault(value => value is not null);

    // Octal digits, or, with the first bit set, the number itself.
    private static long Number(byte[] header, int start, int length)
    {
        if ((header[start] & 0x80) != 0)
        {
            return header.Skip(start + 1).Take(length - 1)
                .Aggregate((long)(header[start] & 0x3F), (value, next) => unchecked((value << 8) | next));
        }

        var digits = Encoding.ASCII.GetString(header, start, length).Trim('\0', ' ');
        try
        {
            return digits.Length == 0 ? 0 : Convert.ToInt64(digits, 8);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw NotAnArchive();
        }
    }

    private static void Write(byte[] header, int start, int length, long value)
    {
        var digits = Convert.ToString(value, 8).PadLeft(length - 1, '0');
        if (digits.Length == length - 1)
        {
            Encoding.ASCII.GetBytes(digits).CopyTo(header, start);
            return;
        }

        for (var index = start + length - 1; index > start; index--)
        {
            header[index] = (byte)value;
            value >>= 8;
        }

        header[start] = 0x80;
    }

    private static async Task<byte[]> ReadAsync(Stream archive, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        return await archive.FillAsync(bytes, cancellationToken).ConfigureAwait(false) ? bytes : throw NotAnArchive();
    }

    private static ClusterException NotAnArchive() =>
        new(ErrorCode.Protocol, "The Docker Engine's answer about a folder is not the archive that its API says.");
}
