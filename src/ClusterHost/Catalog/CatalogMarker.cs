using HedvigStorage.ClusterHost.Platforms;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// The file beside the catalog that says "a catalog was here", whose, and how many transactions it had at least. It is made durably, and
/// then brought up to date after each commit without a flush: what a power failure leaves of it is an older count, which the catalog has
/// passed.
/// </summary>
internal sealed class CatalogMarker : IDisposable
{
    private const string Prefix = "hedvig-catalog 1 ";

    private readonly SafeFileHandle _file;
    private readonly string _cluster;

    private CatalogMarker(SafeFileHandle file, string cluster)
    {
        _file = file;
        _cluster = cluster;
    }

    public static string PathOf(string catalog) => Path.ChangeExtension(catalog, ".marker");

    /// <summary>Reads the marker of a catalog.</summary>
    /// <returns>Whose it is and the count, or <see langword="null"/> if it is not there or cannot be made sense of.</returns>
    public static (string Cluster, long Commits)? Read(string catalog)
    {
        string text;
        try
        {
            text = File.ReadAllText(PathOf(catalog), Encoding.Latin1);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        var fields = text.Split(' ');
        return fields.Length == 5
            && Guid.TryParseExact(fields[2], "D", out _)
            && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var commits)
            && text == Format(fields[2], commits)
                ? (fields[2], commits)
                : null;
    }

    /// <summary>Makes the marker, durably, in the place of what may be there.</summary>
    public static CatalogMarker Make(string catalog, string cluster, long commits)
    {
        var path = PathOf(catalog);
        RunningSystem.Current.PrivateFiles.Write(path, Encoding.Latin1.GetBytes(Format(cluster, commits)));
        return new CatalogMarker(File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), cluster);
    }

    /// <summary>
    /// Tells that so many transactions are durable. One that cannot be written leaves an older count, which is true as well.
    /// </summary>
    public void Advance(long commits)
    {
        try
        {
            RandomAccess.Write(_file, Encoding.Latin1.GetBytes(Format(_cluster, commits)), 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next start knows a little less.
        }
    }

    /// <summary>Makes the count durable.</summary>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    public void Dispose() => _file.Dispose();

    // Always of the same length, so that one write in place changes it whole.
    private static string Format(string cluster, long commits)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{cluster} {commits:D20} ");
        return string.Create(CultureInfo.InvariantCulture, $"{text}{Checksum.Of(Encoding.Latin1.GetBytes(text)):x8}\n");
    }
}
