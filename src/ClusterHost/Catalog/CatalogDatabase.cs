using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Common;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// The catalog in SQLite. One thread writes; what waits is committed together, so that concurrent writers share one flush.
/// Readers have connections of their own and never wait for it.
/// </summary>
internal sealed class CatalogDatabase : IDisposable
{
    private const int LargestBatch = 64;

    private readonly string _path;
    private readonly CatalogConnection _writer;
    private readonly ConcurrentBag<CatalogConnection> _readers = [];
    private readonly BlockingCollection<WriteItem> _queue = [];
    private readonly CatalogGuard _guard;
    private readonly LateWork _late;
    private readonly Thread _thread;
    private long _commits;

    private CatalogDatabase(string path, CatalogConnection writer, CatalogGuard guard, IReadOnlyList<string> notes)
    {
        _path = path;
        _writer = writer;
        _guard = guard;
        Notes = notes;
        _late = new LateWork(() => _queue.Add(new WriteItem<bool>(_ => true, audit: null)));
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "catalog" };
        _thread.Start();
    }

    /// <summary>Opens the catalog, or makes an empty one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="engine">What its volumes are stored in: one of <see cref="EngineNames"/>.</param>
    /// <exception cref="StartException">It is of another version or engine, is damaged or gone, or cannot be read. Nothing has
    /// changed.</exception>
    public static CatalogDatabase Open(string path, string engine = EngineNames.Embedded)
    {
        CatalogConnection? writer = null;
        try
        {
            var examination = CatalogExamination.Run(path, thorough: false);
            if (examination.Problems.Count > 0)
            {
                throw new StartException($"{examination.Problems[0]} {Advice}");
            }

            writer = new CatalogConnection(path, readOnly: false);
            writer.RefuseOtherEngine(engine);
            BringUpToDate(writer, engine);
            var settled = examination.MayBeOlder ? CatalogSettlement.Run(writer) : [];
            return new CatalogDatabase(path, writer, CatalogGuard.Begin(path, writer), [.. examination.Notes, .. settled]);
        }
        catch (SqliteException error)
        {
            writer?.Dispose();
            throw new StartException($"The catalog {path} cannot be used: {error.Message}", error);
        }
        catch (TypeInitializationException error)
        {
            throw new StartException(
                "SQLite cannot be loaded: the library libe_sqlite3.so, which must be next to hv-cluster, "
                    + "is missing or is not for this system. Reinstall hv-cluster.",
                error);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>What helps where the catalog is not as it should be.</summary>
    public const string Advice =
        "Nothing was changed. Put the directory's copy from before back, or see what 'hv cluster check' says; "
            + "\"Damage\" in docs/operating.md tells each step.";

    /// <summary>Gets the cluster's identity.</summary>
    public string Cluster => _guard.Cluster;

    /// <summary>Gets what was missing beside the catalog when it was opened and has been made again.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>
    /// Gets what is wrong with the catalog, as a sentence, or <see langword="null"/>. Nothing is read or written any more when something
    /// is.
    /// </summary>
    public string? Damage => _guard.Damage;

    /// <summary>Gets how many transactions were made durable.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>
    /// Runs work in a transaction. It is durable when the task ends, and rolled back if it throws. The first write of a request that is
    /// audited brings the audit event along, so that no change is ever without one.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<CatalogConnection, T> work)
    {
        var item = new WriteItem<T>(work, AuditEntry.Current?.TakeUnrecorded());
        _queue.Add(item);
        return item.Task;
    }

    public Task WriteAsync(Action<CatalogConnection> work) => WriteAsync(connection =>
    {
        work(connection);
        return true;
    });

    /// <summary>Runs work that cannot fail within the next transaction, or soon by itself.</summary>
    public void WriteSoon(Action<CatalogConnection> work) => _late.Add(work);

    /// <summary>Looks whether each page of the catalog is as it was written; <see cref="Damage"/> tells.</summary>
    public void Verify(CancellationToken cancellationToken) => _guard.Verify(cancellationToken);

    public T Read<T>(Func<CatalogConnection, T> work)
    {
        RefuseDamage();
        CatalogConnection? reader = null;
        try
        {
            if (!_readers.TryTake(out reader))
            {
                reader = new CatalogConnection(_path, readOnly: true);
            }

            return work(reader);
        }
        catch (SqliteException error)
        {
            ReportDamage(error);
            RefuseDamage();
            throw new ClusterException(ErrorCode.Internal, $"The catalog {_path} cannot be read: {error.Message}", error);
        }
        finally
        {
            if (reader is not null)
            {
                _readers.Add(reader);
            }
        }
    }

    public void Dispose()
    {
        _late.Dispose();
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        try
        {
            _writer.KeepLog(!_guard.End());
        }
        catch (SqliteException)
        {
            // The log stays, and the next start goes on from it.
        }

        _writer.Dispose();
        _guard.Dispose();
    }

    private void RefuseDamage()
    {
        if (Damage is { } damage)
        {
            throw new ClusterException(
                ErrorCode.Internal,
                $"{damage} Nothing is answered from it. Volumes that are mounted go on. Stop the cluster, "
                    + "and see \"Damage\" in docs/operating.md.");
        }
    }

    private void ReportDamage(SqliteException error)
    {
        if (CatalogConnection.IsDamage(error))
        {
            _guard.Report(error.Message);
        }
    }

    // All steps or none: a crash in between leaves the version that was there.
    private static void BringUpToDate(CatalogConnection writer, string engine)
    {
        var version = (int)writer.Scalar<long>("PRAGMA user_version");
        if (version == CatalogSchema.Version)
        {
            return;
        }

        writer.Execute("BEGIN IMMEDIATE");
        foreach (var step in CatalogSchema.Steps.Skip(version))
        {
            writer.ExecuteScript(step);
        }

        if (version == 0)
        {
            writer.PutEngine(engine);
        }

        writer.Execute($"PRAGMA user_version = {CatalogSchema.Version}");
        writer.Execute("COMMIT");
    }

    private void WriteLoop()
    {
        var batch = new List<WriteItem>(LargestBatch);
        while (_queue.TryTake(out var first, Timeout.Infinite))
        {
            batch.Clear();
            batch.Add(first);
            while (batch.Count < LargestBatch && _queue.TryTake(out var item))
            {
                batch.Add(item);
            }

            Commit(batch);
            _ = Interlocked.Increment(ref _commits);
        }
    }

    private void Commit(List<WriteItem> batch)
    {
        try
        {
            RefuseDamage();
            _writer.Execute("BEGIN IMMEDIATE");
            _guard.Count();
            var late = _late.TakeAll();
            late.ForEach(work => work(_writer));
            if (late.Count == 0 && batch is [var only])
            {
                // Alone, the item is the transaction.
                if (only.Run(_writer))
                {
                    _writer.Execute("COMMIT");
                    EndCommit();
                }
                else
                {
                    _writer.Execute("ROLLBACK");
                }

                only.Complete();
                return;
            }

            foreach (var item in batch)
            {
                _writer.Execute("SAVEPOINT item");
                if (!item.Run(_writer))
                {
                    _writer.Execute("ROLLBACK TO item");
                }

                _writer.Execute("RELEASE item");
            }

            _writer.Execute("COMMIT");
            EndCommit();
        }
        catch (SqliteException error)
        {
            ReportDamage(error);
            TryRollBack();
            var failure = CatalogConnection.Failure($"The catalog {_path} cannot be written", error);
            batch.ForEach(item => item.Fail(failure));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it is, it is this transaction's failure and not the end of the process.
            TryRollBack();
            batch.ForEach(item => item.Fail(error));
        }

        batch.ForEach(item => item.Complete());
    }

    // What is durable stays acknowledged, whatever becomes of the work that follows it.
    private void EndCommit()
    {
        try
        {
            _guard.EndCommit();
        }
        catch (SqliteException error)
        {
            ReportDamage(error);
        }
    }

    private void TryRollBack()
    {
        try
        {
            _writer.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some errors have rolled back already.
        }
    }

    private abstract class WriteItem
    {
        public abstract bool Run(CatalogConnection connection);

        public abstract void Fail(Exception error);

        public abstract void Complete();
    }

    private sealed class WriteItem<T>(Func<CatalogConnection, T> work, AuditEvent? audit) : WriteItem
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _error;
        private T? _result;

        public Task<T> Task => _completion.Task;

        public override bool Run(CatalogConnection connection)
        {
            try
            {
                _result = work(connection);
                if (audit is not null)
                {
                    connection.PutAuditEvent(audit);
                }

                return true;
            }
            catch (Exception error) when (error is not SqliteException
            {
                SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_CORRUPT
                    or SQLitePCL.raw.SQLITE_NOTADB,
            })
            {
                _error = error;
                return false;
            }
        }

        public override void Fail(Exception error) => _error ??= error;

        public override void Complete()
        {
            if (_error is not null)
            {
                _completion.SetException(_error);
            }
            else
            {
                _completion.SetResult(_result!);
            }
        }
    }
}
