using System.Security.Cryptography;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Fetches a copy of the catalog, part by part, and compares it with what the cluster says of it.</summary>
internal static class BackupReader
{
    private const string Doing = "A backup of the catalog";

    public static async Task<CatalogBackup> ReadAsync(
        ExtensionRequests extension, Stream destination, CancellationToken cancellationToken)
    {
        var made = await extension.AskAsync(
            Doing, RequestTypes.BackupCatalog, ProtocolJson.Default.BackupResult, cancellationToken).ConfigureAwait(false);
        var id = AnswerReader.Required(RequestTypes.BackupCatalog, "backup", made.Backup);
        var expected = AnswerReader.Required(RequestTypes.BackupCatalog, "sha256", made.Sha256);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var offset = 0L; offset < made.Bytes;)
        {
            var part = await ReadPartAsync(extension, id, offset, cancellationToken).ConfigureAwait(false);
            if (part.Length == 0)
            {
                throw AnswerReader.Unreadable(
                    RequestTypes.ReadBackup,
                    FormattableString.Invariant($"it ends after {offset} of {made.Bytes} bytes"));
            }

            hash.AppendData(part);
            using var content = new MemoryStream(part);
            await content.CopyToAsync(destination, part.Length, cancellationToken).ConfigureAwait(false);
            offset += part.Length;
        }

        if (!string.Equals(Hexadecimal(hash.GetHashAndReset()), expected, StringComparison.Ordinal))
        {
            throw AnswerReader.Unreadable(RequestTypes.ReadBackup, "what arrived has another checksum than what was made");
        }

        return new CatalogBackup { Bytes = made.Bytes, Sha256 = expected, VolumeCount = made.VolumeCount };
    }

    private static async Task<byte[]> ReadPartAsync(
        ExtensionRequests extension, string id, long offset, CancellationToken cancellationToken)
    {
        var part = await extension.AskAsync(
            Doing,
            RequestTypes.ReadBackup,
            ProtocolJson.Default.BackupPartResult,
            cancellationToken,
            writer =>
            {
                writer.WriteString("backup", id);
                writer.WriteNumber("offset", offset);
            }).ConfigureAwait(false);
        return AnswerReader.Required(RequestTypes.ReadBackup, "content", part.Content);
    }

    private static string Hexadecimal(byte[] bytes) =>
        string.Concat(bytes.Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
}
