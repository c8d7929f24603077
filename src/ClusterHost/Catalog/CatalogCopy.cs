using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// Copies of a catalog that is in use, as of one instant. A copy may be put back long after, so it holds nothing that was under way.
/// </summary>
/// <param name="Volumes">How many volumes the copy has.</param>
/// <param name="Commits">How many transactions the catalog had had.</param>
internal sealed record CatalogCopy(long Volumes, long Commits)
{
    /// <summary>Tells where the copies of a catalog are made.</summary>
    /// <param name="directory">Its data directory.</param>
    public static string PathIn(string directory) => Path.Combine(directory, "catalog-backup.tmp");

    /// <summary>Makes a copy.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The copy's path; an earlier copy there is removed.</param>
    /// <exception cref="ClusterException">
    /// <see cref="ErrorCode.Busy"/>: a volume is being put back to a snapshot. <see cref="ErrorCode.NoSpace"/>: the disk is too full for
    /// the copy. <see cref="ErrorCode.Internal"/>: the catalog is damaged, or the copy cannot be written. Nothing is left of the copy.
    /// </exception>
    public static CatalogCopy Make(CatalogConnection catalog, string path)
    {
        Remove(path);
        try
        {
            catalog.Execute("VACUUM INTO $1", path);
            using var copy = new CatalogConnection(path, readOnly: false);
            RefuseReverts(copy);
            _ = CatalogSettlement.Run(copy);
            RefuseDamage(copy);
            return new CatalogCopy(copy.VolumeCount(), copy.ReadCommits());
        }
        catch (SqliteException error)
        {
            Remove(path);
            throw CatalogConnection.Failure("The catalog cannot be copied", error);
        }
        catch
        {
            Remove(path);
            throw;
        }
    }

    /// <summary>Removes a copy, if it is there.</summary>
    public static void Remove(string path)
    {
        foreach (var file in new[] { path, path + "-journal", path + "-wal", path + "-shm" })
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The next copy or start tries again.
            }
        }
    }

    // Half of it is neither what it was nor what it will be, and what is written after its end must not be put back once more.
    private static void RefuseReverts(CatalogConnection copy)
    {
        if (CatalogSettlement.ListReverting(copy).FirstOrDefault() is { } name)
        {
            throw new ClusterException(
                ErrorCode.Busy,
                $"The volume '{name}' is being put back to a snapshot, and a copy of the catalog could not say whether it is whole. "
                    + "Try again when that has ended.");
        }
    }

    private static void RefuseDamage(CatalogConnection copy)
    {
        if (CatalogExamination.FindDamage(copy).FirstOrDefault() is { } problem)
        {
            throw new ClusterException(ErrorCode.Internal, $"The catalog is damaged, so it is not copied: {problem}.");
        }
    }
}
