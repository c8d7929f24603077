using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// Keeps what the catalog is held against: a marker of who it is and how far it has come, and a checksum for each page of its file. SQLite
/// writes that file in checkpoints alone, so these are made here, between transactions, and the checksums follow each that is whole. Pages
/// that the write-ahead log still has are protected by the log's own checksums.
/// </summary>
internal sealed class CatalogGuard : IDisposable
{
    // SQLite's own habit.
    private const int FramesBetweenCheckpoints = 1000;
    private const int FramesBetweenTries = 250;
    private const int PagesAtOnce = 1024;

    private readonly string _path;
    private readonly CatalogConnection _writer;

    // Kept open as long as SQLite has it open: to close a file gives up all locks that the process has on it.
    private readonly SafeFileHandle _file;
    private readonly CatalogMarker _marker;
    private readonly Lock _gate = new();
    private PageSums? _sums;
    private int _frames;

    private CatalogGuard(
        string path, CatalogConnection writer, SafeFileHandle file, CatalogMarker marker, PageSums? sums, string cluster, long commits)
    {
        _path = path;
        _writer = writer;
        _file = file;
        _marker = marker;
        _sums = sums;
        Cluster = cluster;
        Commits = commits;
    }

    /// <summary>Gets the cluster's identity.</summary>
    public string Cluster { get; }

    /// <summary>Gets the transactions that the catalog has had in its life.</summary>
    public long Commits { get; private set; }

    /// <summary>Gets what is wrong with the catalog, as a sentence, or <see langword="null"/>.</summary>
    public string? Damage { get; private set; }

    /// <summary>Begins to guard a catalog that was examined and is up to date.</summary>
    public static CatalogGuard Begin(string path, CatalogConnection writer)
    {
        writer.CheckpointByHand();
        if (writer.ReadCluster() is not { } cluster)
        {
            cluster = Guid.NewGuid().ToString("D");
            writer.PutCluster(cluster);
        }

        var commits = writer.ReadCommits();
        var guard = new CatalogGuard(
            path,
            writer,
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete),
            CatalogMarker.Make(path, cluster, commits),
            PageSums.Read(path),
            cluster,
            commits);
        guard.Checkpoint();
        return guard;
    }

    /// <summary>Records, within a transaction, that it is one more.</summary>
    public void Count() => _writer.PutCommits(Commits + 1);

    /// <summary>Tells that the transaction is durable.</summary>
    public void EndCommit()
    {
        Commits++;
        _marker.Advance(Commits);
        _frames += _writer.TakeWrittenPages();
        if (_frames >= FramesBetweenCheckpoints && !Checkpoint())
        {
            _frames = FramesBetweenCheckpoints - FramesBetweenTries;
        }
    }

    /// <summary>Tells that SQLite has met damage.</summary>
    public void Report(string message) => Damage ??= $"The catalog {_path} is damaged: {message}";

    /// <summary>Looks whether each page is as it was written.</summary>
    public void Verify(CancellationToken cancellationToken)
    {
        _marker.Flush();
        var damaged = new List<int>();
        for (var first = 0; ; first += PagesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // No checkpoint meanwhile, so nobody writes the file.
            lock (_gate)
            {
                if (_sums is not { } sums || first >= sums.Count)
                {
                    break;
                }

                damaged.AddRange(sums.FindDamage(_file, first, PagesAtOnce, WriteAheadLog.Read(_path)));
            }
        }

        if (damaged.Count > 0)
        {
            Damage ??= CatalogExamination.DescribePages(_path, damaged);
        }
    }

    /// <summary>Brings all into the catalog's file. The connections are closed after this.</summary>
    /// <returns>Whether SQLite may remove its log.</returns>
    public bool End() => Damage is null && Checkpoint();

    public void Dispose()
    {
        _marker.Flush();
        _marker.Dispose();
        _file.Dispose();
    }

    private bool Checkpoint()
    {
        lock (_gate)
        {
            var (frames, done) = _writer.Checkpoint();
            if (frames < 0 || done < frames)
            {
                return false;
            }

            _frames = 0;
            var log = WriteAheadLog.Read(_path, frames);
            if (log.Frames < frames)
            {
                Report($"{_path}-wal is not as it was written.");
                return false;
            }

            _sums = _sums is null ? PageSums.Take(_file) : _sums.With(log);
            return TryWriteSums(_sums);
        }
    }

    // Checksums that are out of date would call a catalog damaged that is not: rather none, which costs the next start a long check.
    private bool TryWriteSums(PageSums sums)
    {
        try
        {
            sums.Write(_path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ClusterException)
        {
            try
            {
                File.Delete(PageSums.PathOf(_path));
            }
            catch (Exception second) when (second is IOException or UnauthorizedAccessException)
            {
                // A disk that takes neither is told by what is written next.
            }

            return true;
        }
    }
}
