using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Subvolumes of CephFS whose data is in one pool. Ceph's manager does what is done to them; data is never touched here.</summary>
internal sealed class SubvolumeStore(CephFileSystem files, string pool) : ICephStore
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public string Pool => pool;

    // To make one that is there succeeds and changes its size.
    public void Create(string volume, long size)
    {
        if (FindSize(volume) is { } there)
        {
            if (there != size)
            {
                throw new CephException("fs subvolume create", CephException.AlreadyThere);
            }

            return;
        }

        files.RequireGroup(pool);
        try
        {
            Make(volume, size);
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            // Somebody has removed the group since.
            files.ForgetGroup(pool);
            files.RequireGroup(pool);
            Make(volume, size);
        }
    }

    // A copy of all files, which the manager makes in the background.
    public void Clone(string source, string snapshot, string volume, long size)
    {
        var state = FindCloneState(volume);
        if (state?.HasFailed == true)
        {
            _ = Remove(volume);
            state = null;
        }

        if (state is null)
        {
            _ = Run(
                "fs subvolume snapshot clone",
                ("sub_name", source),
                ("snap_name", snapshot),
                ("target_sub_name", volume),
                ("target_group_name", pool),
                ("pool_layout", pool));
        }

        WaitForClone(volume);
        Grow(volume, size);
    }

    public void Grow(string volume, long size)
    {
        if ((FindSize(volume) ?? throw NotThere("fs subvolume resize")) < size)
        {
            _ = Run(
                "fs subvolume resize",
                ("sub_name", volume),
                ("new_size", size.ToString(CultureInfo.InvariantCulture)),
                ("no_shrink", true));
        }
    }

    public long CreateSnapshot(string volume, string snapshot)
    {
        try
        {
            _ = Run("fs subvolume snapshot create", ("sub_name", volume), ("snap_name", snapshot));
        }
        catch (CephException error) when (error.Error == CephException.AlreadyThere)
        {
            // So other versions of Ceph tell that it is there.
        }

        return Measure(volume);
    }

    public void RemoveSnapshot(string volume, string snapshot)
    {
        try
        {
            _ = Run("fs subvolume snapshot rm", ("sub_name", volume), ("snap_name", snapshot));
        }
        catch (CephException error) when (error.Error is CephException.NotThere or CephException.Stale)
        {
            // Stale: it was the last one of a volume that has gone, which has gone with it.
        }
    }

    // Whoever removes the snapshots of clones that were being made takes the clones back.
    public void RemoveSnapshots(string volume, string beginning)
    {
        foreach (var snapshot in ListSnapshots(volume))
        {
            if (snapshot.StartsWith(beginning, StringComparison.Ordinal))
            {
                foreach (var clone in ListPendingClones(volume, snapshot))
                {
                    CancelClone(clone);
                }

                RemoveSnapshot(volume, snapshot);
            }
        }
    }

    public void Revert(string volume, string snapshot, long size) => throw new CephException(
        "fs subvolume", CephException.NotSupported, "CephFS cannot put a volume back to a snapshot; clone the snapshot instead");

    public long Measure(string volume)
    {
        using var info = FindInfo(volume) ?? throw NotThere("fs subvolume info");
        return info.RootElement.TryGetProperty("bytes_used", out var used) ? used.GetInt64() : 0;
    }

    // One with a snapshot that somebody has made by hand keeps that, and its place in the listing.
    public bool Remove(string volume)
    {
        files.ForgetPath(volume);
        var error = TryRemove(volume);
        if (error == CephException.Again)
        {
            // A clone that has not become one.
            CancelClone(volume);
            error = TryRemove(volume, force: true);
        }

        if (error == CephException.NotEmpty)
        {
            error = TryRemove(volume, force: true, retain: true);
        }

        return error is 0 or CephException.NotThere ? false : throw new CephException("fs subvolume rm", error);
    }

    public long? FindSize(string volume)
    {
        using var info = FindInfo(volume);

        // One whose data was removed and whose snapshots were kept has none.
        return info is null || !info.RootElement.TryGetProperty("bytes_quota", out var quota) ? null
            : quota.ValueKind == JsonValueKind.Number ? quota.GetInt64()
            : long.MaxValue;
    }

    public bool HasSnapshot(string volume, string snapshot)
    {
        try
        {
            _ = Run("fs subvolume snapshot info", ("sub_name", volume), ("snap_name", snapshot));
            return true;
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return false;
        }
    }

    // Only the metadata servers know, and they are asked through no library that is loaded here.
    public List<string> ListUsers(string volume) => [];

    /// <summary>Tells the path of a volume within the file system, which is asked for once.</summary>
    public string GetPath(string volume)
    {
        if (files.FindPath(volume) is { } known)
        {
            return known;
        }

        var path = Encoding.UTF8.GetString(Run("fs subvolume getpath", ("sub_name", volume))).Trim();
        files.PutPath(volume, path);
        return path;
    }

    /// <summary>Lists the names of all subvolumes of the pool's group.</summary>
    public List<string> List()
    {
        try
        {
            return ReadNames(Run("fs subvolume ls"));
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return [];
        }
    }

    private static List<string> ReadNames(byte[] answer)
    {
        using var document = JsonDocument.Parse(answer);
        return [.. document.RootElement.EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];
    }

    private static CephException NotThere(string call) => new(call, CephException.NotThere);

    private void Make(string volume, long size) => _ = Run(
        "fs subvolume create",
        ("sub_name", volume),
        ("size", size.ToString(CultureInfo.InvariantCulture)),
        ("pool_layout", pool));

    // With force it succeeds also where the whole file system is missing.
    private int TryRemove(string volume, bool? force = null, bool? retain = null)
    {
        try
        {
            _ = Run("fs subvolume rm", ("sub_name", volume), ("force", force), ("retain_snapshots", retain));
            return 0;
        }
        catch (CephException error) when (error.Error is CephException.NotThere or CephException.Again or CephException.NotEmpty)
        {
            return error.Error;
        }
    }

    private JsonDocument? FindInfo(string volume)
    {
        try
        {
            return JsonDocument.Parse(Run("fs subvolume info", ("sub_name", volume)));
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return null;
        }
    }

    private List<string> ListSnapshots(string volume)
    {
        try
        {
            return ReadNames(Run("fs subvolume snapshot ls", ("sub_name", volume)));
        }
        catch (CephException error) when (error.Error is CephException.NotThere or CephException.Again)
        {
            // Again: a clone that has not become one, of which there are none.
            return [];
        }
    }

    private List<string> ListPendingClones(string volume, string snapshot)
    {
        try
        {
            using var info = JsonDocument.Parse(Run("fs subvolume snapshot info", ("sub_name", volume), ("snap_name", snapshot)));
            return info.RootElement.TryGetProperty("pending_clones", out var clones)
                ? [.. clones.EnumerateArray().Select(clone => clone.GetProperty("name").GetString()!)]
                : [];
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return [];
        }
    }

    private void CancelClone(string clone)
    {
        try
        {
            _ = Run("fs clone cancel", ("clone_name", clone));
        }
        catch (CephException error) when (error.Error is CephException.NotThere or CephException.Invalid)
        {
            // Invalid: it has ended meanwhile.
        }
    }

    private void WaitForClone(string volume)
    {
        var pause = FirstLook;
        while (true)
        {
            try
            {
                var state = FindCloneState(volume) ?? throw NotThere("fs clone status");
                if (state.IsComplete)
                {
                    return;
                }

                if (state.HasFailed)
                {
                    _ = Remove(volume);
                    throw new CephException("fs subvolume snapshot clone", state.Error, state.Reason);
                }
            }
            catch (CephException error) when (error.Error is CephException.TimedOut or CephException.Again)
            {
                // A manager that is taking another's place. The clone goes on under it.
            }

            if (files.Stopping.WaitHandle.WaitOne(pause))
            {
                throw new ClusterException(
                    ErrorCode.Unreachable, "The clone has not ended, and this cluster host stops. The next start takes it back.");
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
        }
    }

    private CloneState? FindCloneState(string volume)
    {
        try
        {
            using var answer = JsonDocument.Parse(Run("fs clone status", ("clone_name", volume)));
            return CloneState.Read(answer.RootElement.GetProperty("status"));
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return null;
        }
    }

    private byte[] Run(string command, params ReadOnlySpan<(string Name, object? Value)> arguments) =>
        files.Run(command, [("group_name", pool), .. arguments]);
}
