using HedvigStorage.ClusterHost.Common;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>Looks at a catalog that no host has open, and changes nothing.</summary>
/// <param name="Problems">What is wrong, a sentence each; empty when nothing is.</param>
/// <param name="Notes">What was missing beside it and can be made again.</param>
/// <param name="MayBeOlder">Whether nothing says that it is not older than what is stored.</param>
internal sealed record CatalogExamination(IReadOnlyList<string> Problems, IReadOnlyList<string> Notes, bool MayBeOlder)
{
    private const int MostNamed = 5;

    /// <summary>Examines a catalog.</summary>
    /// <param name="path">Its path; it need not be there.</param>
    /// <param name="thorough">Whether SQLite's own check is run though every page is as it was written.</param>
    /// <exception cref="StartException">It is of another version.</exception>
    public static CatalogExamination Run(string path, bool thorough)
    {
        var problems = new List<string>();
        var notes = new List<string>();
        var mayBeOlder = false;
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            if (File.Exists(CatalogMarker.PathOf(path)) || File.Exists(path + "-wal"))
            {
                problems.Add($"The catalog {path} is gone: this directory has had one. No empty one is made beside what it had.");
            }

            return new CatalogExamination(problems, notes, mayBeOlder);
        }

        try
        {
            var sums = PageSums.Read(path);
            FindDamagedPages(path, sums, problems);
            if (problems.Count == 0)
            {
                RefuseOtherVersions(path);
                ExamineContent(path, sums is null, thorough, problems, notes, out mayBeOlder);
            }
        }
        catch (SqliteException error)
        {
            problems.Add($"The catalog {path} {(CatalogConnection.IsDamage(error) ? "is damaged" : "cannot be used")}: {error.Message}");
        }

        return new CatalogExamination(problems, notes, mayBeOlder);
    }

    /// <summary>Has SQLite check a whole catalog.</summary>
    /// <returns>What is wrong, without a full stop each.</returns>
    public static IEnumerable<string> FindDamage(CatalogConnection catalog) =>
        catalog.Query("PRAGMA integrity_check(5)", row => row.GetString(0)).Where(line => line != "ok").Concat(
            catalog.Query("PRAGMA foreign_key_check", row => row.GetString(0)).Distinct(StringComparer.Ordinal)
                .Select(table => $"its table {table} names what is not there"));

    private static void FindDamagedPages(string path, PageSums? sums, List<string> problems)
    {
        if (sums is null)
        {
            return;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (sums.FindDamage(file, 0, sums.Count, WriteAheadLog.Read(path)) is { Count: > 0 } pages)
        {
            problems.Add(DescribePages(path, pages));
        }
    }

    public static string DescribePages(string path, IReadOnlyList<int> pages) => string.Create(
        CultureInfo.InvariantCulture,
        $"The catalog {path} is damaged: {(pages.Count == 1 ? "page" : $"{pages.Count} pages, among them")} "
            + $"{string.Join(", ", pages.Take(MostNamed))} {(pages.Count == 1 ? "is" : "are")} not as it was written.");

    private static void RefuseOtherVersions(string path)
    {
        using var reader = new CatalogConnection(path, readOnly: true);
        var version = reader.Scalar<long>("PRAGMA user_version");
        var tables = reader.Scalar<long>("SELECT count(*) FROM sqlite_schema");
        if (version < 0 || version > CatalogSchema.Version || (version == 0 && tables != 0))
        {
            throw new StartException(
                $"The catalog {path} has the schema version {version}; this hv-cluster reads versions 1 to {CatalogSchema.Version}. "
                    + "Use the hv-cluster that wrote it.");
        }
    }

    private static void ExamineContent(
        string path, bool withoutSums, bool thorough, List<string> problems, List<string> notes, out bool mayBeOlder)
    {
        using var reader = new CatalogConnection(path, readOnly: true);
        var marker = CatalogMarker.Read(path);
        var cluster = reader.Scalar<long>("PRAGMA user_version") >= CatalogSchema.IdentityVersion ? reader.ReadCluster() : null;
        mayBeOlder = cluster is not null && marker is null;
        if (cluster is not null)
        {
            CompareWithMarker(path, reader, marker, cluster, problems, notes);
        }
        else if (marker is not null)
        {
            problems.Add($"The catalog {path} is older than the marker beside it, or is another cluster's: it has no identity.");
        }

        if (withoutSums && cluster is not null)
        {
            notes.Add(
                $"The checksums {PageSums.PathOf(path)} were missing or damaged and are taken again, "
                    + "after the catalog passed SQLite's check.");
        }

        if (withoutSums || thorough)
        {
            problems.AddRange(FindDamage(reader).Select(what => $"The catalog {path} is damaged: {what}."));
        }
    }

    private static void CompareWithMarker(
        string path,
        CatalogConnection reader,
        (string Cluster, long Commits)? marker,
        string cluster,
        List<string> problems,
        List<string> notes)
    {
        if (marker is not { } known)
        {
            notes.Add($"The marker {CatalogMarker.PathOf(path)} was missing or damaged and is made again.");
        }
        else if (known.Cluster != cluster)
        {
            problems.Add($"The catalog {path} is that of another cluster ({cluster}) than the directory's ({known.Cluster}).");
        }
        else if (reader.ReadCommits() is var commits && commits < known.Commits)
        {
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The catalog {path} has lost its newest changes: {known.Commits} transactions were acknowledged and it has {commits}. "
                        + $"It is an older copy, or {path}-wal is damaged or missing."));
        }
    }
}
