using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>The form of a line: the CRC-32C of the JSON text in eight hexadecimal digits, a space, the JSON text, a newline.</summary>
internal static class JournalLine
{
    private const int DigestDigits = 8;

    /// <summary>Writes an entry as a line.</summary>
    public static byte[] Write(JournalEntry entry) => Write(JsonSerializer.SerializeToUtf8Bytes(entry, StateJson.Default.JournalEntry));

    /// <summary>Writes a JSON text as a line.</summary>
    public static byte[] Write(ReadOnlySpan<byte> json) =>
        [.. Encoding.ASCII.GetBytes(Digest(json).ToString("x8", CultureInfo.InvariantCulture)), (byte)' ', .. json, (byte)'\n'];

    /// <summary>Gives a line's JSON text; <see langword="false"/> if the line is damaged.</summary>
    /// <param name="line">The line, without the newline.</param>
    /// <param name="json">The text.</param>
    public static bool TryOpen(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> json)
    {
        json = line.Length > DigestDigits && line[DigestDigits] == (byte)' ' ? line[(DigestDigits + 1)..] : default;
        return !json.IsEmpty
            && uint.TryParse(line[..DigestDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digest)
            && digest == Digest(json);
    }

    private static uint Digest(ReadOnlySpan<byte> bytes)
    {
        var digest = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            digest = BitOperations.Crc32C(digest, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            digest = BitOperations.Crc32C(digest, value);
        }

        return ~digest;
    }
}
