using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>
/// The copy of the catalog that clients fetch part by part. There is one at a time, the newest: whoever asks twice for a part gets it
/// twice. It ends when nobody has asked for a part for some time.
/// </summary>
/// <param name="catalog">The catalog.</param>
/// <param name="directory">The data directory.</param>
/// <param name="time">The time.</param>
internal sealed class CatalogBackups(CatalogDatabase catalog, string directory, TimeProvider time) : IDisposable
{
    /// <summary>How long a copy is kept after the last part that was asked for.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>The largest part, in bytes.</summary>
    public const int LargestPart = 1 << 20;

    private readonly string _path = CatalogCopy.PathIn(directory);
    private readonly SemaphoreSlim _making = new(1, 1);
    private readonly Lock _gate = new();
    private OpenCopy? _kept;

    /// <summary>Removes what a process before this one has left.</summary>
    public void Begin() => CatalogCopy.Remove(_path);

    /// <summary>Makes a copy, in the place of the one that is there.</summary>
    /// <exception cref="ClusterException">It cannot be made: the message says why.</exception>
    public async Task<KeptBackup> MakeAsync()
    {
        await _making.WaitAsync();
        try
        {
            Drop();
            return await Task.Run(Make);
        }
        finally
        {
            _ = _making.Release();
        }
    }

    /// <summary>Reads a part of a copy.</summary>
    /// <param name="id">The copy; <see langword="null"/>: the one that is there.</param>
    /// <param name="offset">Where the part begins, in bytes.</param>
    /// <returns>Up to <see cref="LargestPart"/> bytes; none at the end.</returns>
    /// <exception cref="ClusterException">The copy is not there any more.</exception>
    public byte[] Read(string? id, long offset)
    {
        lock (_gate)
        {
            if (_kept is not { } kept || (id is not null && kept.Backup.Id != id))
            {
                throw new ClusterException(
                    ErrorCode.NotFound,
                    $"The backup{(id is null ? string.Empty : $" '{ObjectName.Printable(id)}'")} could not be found: another one was "
                        + $"begun since, nobody has read it for {KeptFor.TotalMinutes:0} minutes, or the cluster host was started again. "
                        + "Begin a new one.");
            }

            _ = kept.End.Change(KeptFor, Timeout.InfiniteTimeSpan);
            var part = new byte[(int)Math.Clamp(kept.Backup.Bytes - offset, 0, LargestPart)];
            var read = RandomAccess.Read(kept.File, part, offset);
            return read == part.Length
                ? part
                : throw new ClusterException(ErrorCode.Internal, $"The backup {_path} is shorter than it was written.");
        }
    }

    public void Dispose()
    {
        Drop();
        _making.Dispose();
    }

    private KeptBackup Make()
    {
        catalog.Verify(CancellationToken.None);
        var copy = catalog.Read(connection => CatalogCopy.Make(connection, _path));
        try
        {
            var backup = Describe(copy);
            lock (_gate)
            {
                _kept = new OpenCopy(
                    backup,
                    File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete),
                    time.CreateTimer(_ => Drop(backup.Id), state: null, KeptFor, Timeout.InfiniteTimeSpan));
            }

            return backup;
        }
        catch
        {
            CatalogCopy.Remove(_path);
            throw;
        }
    }

    private KeptBackup Describe(CatalogCopy copy)
    {
        using var content = File.OpenRead(_path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return new KeptBackup(Guid.NewGuid().ToString("D"), content.Length, hash, copy.Volumes, copy.Commits);
    }

    private void Drop(string? id = null)
    {
        lock (_gate)
        {
            if (_kept is not { } kept || (id is not null && kept.Backup.Id != id))
            {
                return;
            }

            _kept = null;
            kept.End.Dispose();
            kept.File.Dispose();
            CatalogCopy.Remove(_path);
        }
    }

    private sealed record OpenCopy(KeptBackup Backup, SafeFileHandle File, ITimer End);
}
