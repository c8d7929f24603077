using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>Checks a data directory that no host serves. It changes nothing, unless what is there is to be accepted as it is.</summary>
internal static class DataCheck
{
    public const int Damaged = 2;

    private const int Well = 0;

    /// <summary>Checks, and writes what is wrong, a line each.</summary>
    /// <param name="options">The data directory, its engine, and whether what differs from what was written is taken as it is from now
    /// on.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="advice">Where it is said what helps.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="StartException">It cannot be checked.</exception>
    public static async Task<int> RunAsync(HostOptions options, TextWriter output, TextWriter advice)
    {
        if (!Directory.Exists(options.DataDirectory))
        {
            throw new StartException($"There is no data directory '{options.DataDirectory}'.");
        }

        using var directory = DataDirectory.Open(options.DataDirectory);
        var problems = await ExamineAsync(directory, options);
        foreach (var problem in problems)
        {
            await output.WriteLineAsync(problem);
        }

        await (
            problems.Count == 0
                ? output.WriteLineAsync("Nothing is wrong.")
                : advice.WriteLineAsync("hv-cluster: \"Damage\" in docs/operating.md tells what to do."));
        return problems.Count == 0 ? Well : Damaged;
    }

    private static async Task<List<string>> ExamineAsync(DataDirectory directory, HostOptions options)
    {
        if (directory.FindImagesWithoutCatalog() is { } gone)
        {
            return [gone];
        }

        var settled = options.Accept ? Accept(directory) : [];
        var examination = CatalogExamination.Run(directory.CatalogFile, thorough: true);
        if (examination.Problems.Count > 0 || !File.Exists(directory.CatalogFile))
        {
            return [.. examination.Problems];
        }

        using (var catalog = new CatalogConnection(directory.CatalogFile, readOnly: true))
        {
            catalog.RefuseOtherEngine(options.Engine);
        }

        var found = options.Ceph is null ? FindDamage(directory, options.Accept) : await EngineCheck.FindDamageAsync(directory, options);
        return [.. settled, .. found];
    }

    // Without sums and marker the next start takes them again, once SQLite finds the catalog whole.
    private static IReadOnlyList<string> Accept(DataDirectory directory)
    {
        var catalog = directory.CatalogFile;
        File.Delete(PageSums.PathOf(catalog));
        var examination = CatalogExamination.Run(catalog, thorough: true);
        var marker = CatalogMarker.PathOf(catalog);
        if (examination.Problems.Count > 0 && File.Exists(marker))
        {
            var aside = marker + ".tmp";
            File.Move(marker, aside, overwrite: true);
            examination = CatalogExamination.Run(catalog, thorough: true);
            if (examination.Problems.Count > 0)
            {
                File.Move(aside, marker);
            }
            else
            {
                File.Delete(aside);
            }
        }

        return examination is { Problems.Count: 0, MayBeOlder: true } ? Settle(catalog) : [];
    }

    private static IReadOnlyList<string> Settle(string path)
    {
        using var catalog = new CatalogConnection(path, readOnly: false);
        return CatalogSettlement.Run(catalog);
    }

    private static List<string> FindDamage(DataDirectory directory, bool accept)
    {
        using var catalog = new CatalogConnection(directory.CatalogFile, readOnly: !accept);
        var hasIdentity = catalog.Scalar<long>("PRAGMA user_version") >= CatalogSchema.IdentityVersion;
        var checks = new ImageChecks(RunningSystem.Current.Images, (hasIdentity ? catalog.ReadCluster() : null) ?? string.Empty);
        var files = new ImageFiles(directory.Path, RunningSystem.Current.Images);
        var untouched = catalog.Query("SELECT id FROM volumes WHERE generation = 0 AND source_id IS NULL", reader => reader.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        var problems = new List<string>();
        foreach (var (id, name, size, seal) in ListImages(catalog, hasIdentity, "SELECT v.id, v.name, v.size, "
            + "{0} FROM volumes v WHERE v.state = 0", "v.seal"))
        {
            // A blank one gets its size back at a start.
            if (Look(checks, files.Volume(id), untouched.Contains(id) ? 0 : size, seal, accept) is { } reason)
            {
                problems.Add(new DamageRegister("volume").Describe(name, reason));
            }
        }

        foreach (var (id, name, size, seal) in ListImages(catalog, hasIdentity, "SELECT s.id, v.name || '@' || s.name, s.size, "
            + "{0} FROM snapshots s JOIN volumes v ON v.id = s.volume_id WHERE s.state = 0 AND v.state = 0", "s.seal"))
        {
            if (Look(checks, files.Snapshot(id), size, seal, accept) is { } reason)
            {
                problems.Add(new DamageRegister("snapshot").Describe(name, reason));
            }
        }

        if (FindUnknown(catalog, directory.Path) is { Count: > 0 } unknown)
        {
            problems.Add(StoredState.DescribeUnknown(unknown));
        }

        if (accept && hasIdentity)
        {
            catalog.Execute("UPDATE volumes SET seal = NULL WHERE seal IS NOT NULL");
            catalog.Execute("UPDATE snapshots SET seal = NULL WHERE seal IS NOT NULL");
        }

        return problems;
    }

    private static string? Look(ImageChecks checks, string image, long size, string? seal, bool accept)
    {
        if (accept && File.Exists(image))
        {
            checks.Own(image);
        }

        return checks.FindDamage(image, size, accept ? null : seal);
    }

    private static List<(string Id, string Name, long Size, string? Seal)> ListImages(
        CatalogConnection catalog, bool hasSeals, string sql, string seal) => catalog.Query(
        sql.Replace("{0}", hasSeals ? seal : "NULL", StringComparison.Ordinal),
        reader => (reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.TextOrNull(3)));

    private static List<string> FindUnknown(CatalogConnection catalog, string directory)
    {
        var known = catalog.Query(
            "SELECT id FROM volumes UNION SELECT id FROM snapshots UNION SELECT id FROM reserved",
            reader => reader.GetString(0)).ToHashSet(StringComparer.Ordinal);
        return ImageFiles.Directories(directory)
            .SelectMany(Directory.EnumerateFileSystemEntries)
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal) && !known.Contains(Path.GetFileNameWithoutExtension(path)))
            .ToList();
    }
}
