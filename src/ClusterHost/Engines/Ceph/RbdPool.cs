using System.Runtime.InteropServices;
using HedvigStorage.ClusterHost.Engines.Ceph.Native;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Images of one pool, which are blank, cloned and kept as librbd does it.</summary>
internal sealed class RbdPool(RadosCluster cluster, string name) : ICephStore
{
    private const int SomeEntries = 1024;
    private const string Trash = "rbd_trash";
    private const int WhenFull = 128;

    private unsafe delegate int ListCall<TEntry>(TEntry* entries, nuint* count)
        where TEntry : unmanaged;

    private unsafe delegate void EndList<TEntry>(TEntry* entries, nuint count)
        where TEntry : unmanaged;

    private CephCalls Calls => cluster.Calls;

    public string Name => name;

    public void Create(string image, long size)
    {
        var pool = cluster.OpenPool(name);
        using var options = ImageOptions.ForImage();
        var result = Calls.Try("rbd_create", () => RbdLibrary.Create(pool, image, (ulong)size, options));
        if (result < 0 && (-result != CephException.AlreadyThere || GetSize(image) != size))
        {
            throw new CephException("rbd_create", -result);
        }
    }

    public void Clone(string parent, string snapshot, string image, long size)
    {
        var pool = cluster.OpenPool(name);
        using var options = ImageOptions.ForClone();
        var result = Calls.Try("rbd_clone", () => RbdLibrary.Clone(pool, parent, snapshot, pool, image, options));
        if (result < 0 && -result != CephException.AlreadyThere)
        {
            throw new CephException("rbd_clone", -result);
        }

        // Opening it takes a good part of the time that cloning does, and most clones have the size of their source.
        if ((FindSize(image) ?? throw new CephException("rbd_clone", CephException.NotThere)) < size)
        {
            Grow(image, size);
        }
    }

    public void Grow(string image, long size)
    {
        using var handle = Open(image);
        Grow(handle, size);
    }

    // Without opening the image, which would take ten times as long.
    public long? FindSize(string image)
    {
        var pool = cluster.OpenPool(name);
        return ImageHeader.Find(Calls, pool, image) is { } header ? ImageHeader.ReadSize(Calls, pool, header) : null;
    }

    public bool HasSnapshot(string image, string snapshot)
    {
        var pool = cluster.OpenPool(name);
        return ImageHeader.Find(Calls, pool, image) is { } header && ImageHeader.HasSnapshot(Calls, pool, header, snapshot);
    }

    /// <summary>Gives a clone a copy of what it shares with its source, snapshots included; any other image stays as it is.</summary>
    public void Flatten(string image)
    {
        using var handle = Open(image);
        var result = Calls.Try("rbd_flatten", () => RbdLibrary.Flatten(handle));
        if (result < 0 && -result != CephException.Invalid)
        {
            throw new CephException("rbd_flatten", -result);
        }
    }

    /// <summary>
    /// Begins to move an image to another pool: from now on it is found there, and its data is read from here until it has been copied.
    /// </summary>
    public void PrepareMove(string image, RbdPool target)
    {
        var pool = cluster.OpenPool(name);
        var targetPool = cluster.OpenPool(target.Name);
        using var options = ImageOptions.ForMigration();
        _ = Calls.Check("rbd_migration_prepare", () => RbdLibrary.PrepareMigration(pool, image, targetPool, image, options));
    }

    /// <summary>Copies what has not been copied of an image that is being moved here, and ends the move.</summary>
    public unsafe void Move(string image, IProgress<double> progress)
    {
        var pool = cluster.OpenPool(name);
        var told = GCHandle.Alloc(progress);
        try
        {
            var argument = (void*)GCHandle.ToIntPtr(told);
            EndUnlessOver("rbd_migration_execute", () => RbdLibrary.ExecuteMigration(pool, image, &Tell, argument));
            EndUnlessOver("rbd_migration_commit", () => RbdLibrary.CommitMigration(pool, image));
        }
        finally
        {
            told.Free();
        }
    }

    // An earlier try may have ended it though it seemed to fail: then the image is not one that is being moved.
    private void EndUnlessOver(string call, Func<int> end)
    {
        var result = Calls.Try(call, end);
        if (result < 0 && -result != CephException.Invalid && -result != CephException.NotThere)
        {
            throw new CephException(call, -result);
        }
    }

    private long GetSize(string image)
    {
        using var handle = OpenReadOnly(image);
        return GetSize(handle);
    }

    public long CreateSnapshot(string image, string snapshot)
    {
        using var handle = Open(image);

        // Before: after it librbd would read the image's header again.
        var taken = Measure(handle);
        CreateSnapshot(handle, snapshot);
        return taken;
    }

    public void RemoveSnapshot(string image, string snapshot)
    {
        using var handle = TryOpen(image, whenFull: true);
        if (handle is not null)
        {
            RemoveSnapshot(handle, snapshot);
        }
    }

    public void RemoveSnapshots(string image, string beginning)
    {
        using var handle = TryOpen(image, whenFull: true);
        foreach (var snapshot in handle is null ? [] : ListSnapshots(handle))
        {
            if (snapshot.StartsWith(beginning, StringComparison.Ordinal))
            {
                RemoveSnapshot(handle!, snapshot);
            }
        }
    }

    /// <summary>Lists the snapshots of an image.</summary>
    public List<string> ListSnapshots(string image)
    {
        using var handle = OpenReadOnly(image);
        return ListSnapshots(handle);
    }

    public void Revert(string image, string snapshot, long size)
    {
        using var handle = Open(image);
        _ = Calls.Check("rbd_snap_rollback", () => RbdLibrary.Rollback(handle, snapshot));
        Grow(handle, size);
    }

    public long Measure(string image)
    {
        using var handle = OpenReadOnly(image);
        return Measure(handle);
    }

    // One whose snapshots still have clones goes to the pool's trash, from which Purge removes it later.
    public bool Remove(string image)
    {
        if (TryOpenPool(whenFull: true) is not { } pool)
        {
            return false;
        }

        var result = Calls.Try("rbd_remove", () => RbdLibrary.Remove(pool, image));
        if (-result == CephException.NotThere && ImageHeader.Find(Calls, pool, image) is not null)
        {
            // An image goes through the trash. Where that is missing and the pool is full, librbd 16 says that the image is.
            MakeTrash(pool);
            result = Calls.Try("rbd_remove", () => RbdLibrary.Remove(pool, image));
        }

        if (-result == CephException.NotEmpty)
        {
            result = Calls.Try("rbd_trash_move", () => RbdLibrary.MoveToTrash(pool, image, 0));
            return result >= 0 || -result == CephException.NotThere ? true : throw new CephException("rbd_trash_move", -result);
        }

        return result >= 0 || -result == CephException.NotThere ? false : throw new CephException("rbd_remove", -result);
    }

    // This host has images open itself, to give them a copy of what they share.
    public List<string> ListUsers(string image)
    {
        var self = cluster.Instance;
        return [.. ListWatchers(image).Where(watcher => watcher.Client != self).Select(watcher => watcher.Address)];
    }

    private unsafe List<(string Address, long Client)> ListWatchers(string image)
    {
        using var handle = TryOpen(image, readOnly: true);
        return handle is null
            ? []
            : ListEntries<RbdLibrary.WatcherEntry, (string, long)>(
                "rbd_watchers_list",
                (entries, count) => RbdLibrary.ListWatchers(handle, entries, count),
                RbdLibrary.EndWatcherList,
                static entry => (Text(entry.Address), entry.Id));
    }

    /// <summary>Lists the names of all images of the pool.</summary>
    public unsafe List<string> List()
    {
        var pool = cluster.OpenPool(name);
        return ListEntries<RbdLibrary.ImageEntry, string>(
            "rbd_list",
            (entries, count) => RbdLibrary.List(pool, entries, count),
            RbdLibrary.EndList,
            static entry => Text(entry.ImageName));
    }

    /// <summary>
    /// Lists the images in the pool's trash: their ids, the names that they had, and whether they are there because they are being moved.
    /// </summary>
    public unsafe List<(string Id, string Image, bool IsMoving)> ListTrash()
    {
        var pool = cluster.OpenPool(name);
        return ListEntries<RbdLibrary.TrashEntry, (string, string, bool)>(
            "rbd_trash_list",
            (entries, count) => RbdLibrary.ListTrash(pool, entries, count),
            RbdLibrary.EndTrashList,
            static entry => (Text(entry.Id), Text(entry.ImageName), entry.Source == RbdLibrary.TrashSourceMigration));
    }

    /// <summary>
    /// Removes an image from the trash: first its clones are given a copy of what they share with it, which takes as long as it takes.
    /// </summary>
    public void Purge(string id)
    {
        var pool = cluster.OpenPool(name, whenFull: true);
        var result = Calls.Try("rbd_trash_remove", () => RbdLibrary.RemoveFromTrash(pool, id, force: true));
        if (-result is CephException.NotEmpty or CephException.InUse)
        {
            foreach (var (childPool, childId) in ListChildren(id))
            {
                using var child = OpenById(cluster.OpenPool(childPool), childId);
                if (child is not null)
                {
                    _ = Calls.Check("rbd_flatten", () => RbdLibrary.Flatten(child));
                }
            }

            result = Calls.Try("rbd_trash_remove", () => RbdLibrary.RemoveFromTrash(pool, id, force: true));
        }

        if (result < 0 && -result != CephException.NotThere)
        {
            throw new CephException("rbd_trash_remove", -result);
        }
    }

    private unsafe List<(string Pool, string Id)> ListChildren(string id)
    {
        using var image = OpenById(cluster.OpenPool(name), id);
        return image is null
            ? []
            : ListEntries<RbdLibrary.ChildEntry, (string, string)>(
                "rbd_list_children",
                (entries, count) => RbdLibrary.ListChildren(image, entries, count),
                RbdLibrary.EndChildList,
                static entry => (Text(entry.PoolName), Text(entry.ImageId)));
    }

    // A list that is too short is answered with the length that it needs, until the next entry comes.
    private unsafe List<TFound> ListEntries<TEntry, TFound>(
        string call, ListCall<TEntry> list, EndList<TEntry> end, Func<TEntry, TFound> read)
        where TEntry : unmanaged
    {
        var size = (nuint)SomeEntries;
        while (true)
        {
            var buffer = new TEntry[(int)size];
            fixed (TEntry* entries = buffer)
            {
                var count = size;
                var start = entries;
                var known = &count;
                var result = Calls.Try(call, () => list(start, known));
                if (-result == CephException.OutOfRange)
                {
                    size = count + SomeEntries;
                    continue;
                }

                if (result < 0)
                {
                    throw new CephException(call, -result);
                }

                var found = buffer.Take((int)count).Select(read).ToList();
                end(entries, count);
                return found;
            }
        }
    }

    private static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text)!;

    // An empty object, for which even a full pool has space.
    private void MakeTrash(PoolHandle pool)
    {
        var operation = RadosLibrary.CreateWriteOperation();
        try
        {
            RadosLibrary.CreateObject(operation, exclusive: 0, category: null);
            _ = Calls.Check("rados_write_op_operate", () => RadosLibrary.Operate(operation, pool, Trash, 0, WhenFull));
        }
        finally
        {
            RadosLibrary.ReleaseWriteOperation(operation);
        }
    }

    // One that was removed has no images any longer.
    private PoolHandle? TryOpenPool(bool whenFull)
    {
        try
        {
            return cluster.OpenPool(name, whenFull);
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return null;
        }
    }

    private ImageHandle Open(string image, bool whenFull = false)
    {
        var pool = cluster.OpenPool(name, whenFull);
        nint handle = 0;
        _ = Calls.Check("rbd_open", () => RbdLibrary.Open(pool, image, out handle, snapshot: null));
        return new ImageHandle(pool, handle);
    }

    private ImageHandle OpenReadOnly(string image)
    {
        var pool = cluster.OpenPool(name);
        nint handle = 0;
        _ = Calls.Check("rbd_open_read_only", () => RbdLibrary.OpenReadOnly(pool, image, out handle, snapshot: null));
        return new ImageHandle(pool, handle);
    }

    private ImageHandle? OpenById(PoolHandle pool, string id)
    {
        nint handle = 0;
        var result = Calls.Try("rbd_open_by_id", () => RbdLibrary.OpenById(pool, id, out handle, snapshot: null));
        return -result == CephException.NotThere ? null
            : result < 0 ? throw new CephException("rbd_open_by_id", -result)
            : new ImageHandle(pool, handle);
    }

    private ImageHandle? TryOpen(string image, bool readOnly = false, bool whenFull = false)
    {
        try
        {
            return readOnly ? OpenReadOnly(image) : Open(image, whenFull);
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            return null;
        }
    }

    private long GetSize(ImageHandle image)
    {
        ulong size = 0;
        _ = Calls.Check("rbd_get_size", () => RbdLibrary.GetSize(image, out size));
        return (long)size;
    }

    private void Grow(ImageHandle image, long size)
    {
        if (GetSize(image) < size)
        {
            _ = Calls.Check("rbd_resize", () => RbdLibrary.Resize(image, (ulong)size, allowShrink: 0, 0, 0));
        }
    }

    private void CreateSnapshot(ImageHandle image, string snapshot)
    {
        var result = Calls.Try("rbd_snap_create", () => RbdLibrary.CreateSnapshot(image, snapshot));
        if (result < 0 && -result != CephException.AlreadyThere)
        {
            throw new CephException("rbd_snap_create", -result);
        }
    }

    private void RemoveSnapshot(ImageHandle image, string snapshot)
    {
        var result = Calls.Try("rbd_snap_remove", () => RbdLibrary.RemoveSnapshot(image, snapshot));
        if (result < 0 && -result != CephException.NotThere)
        {
            throw new CephException("rbd_snap_remove", -result);
        }
    }

    private unsafe List<string> ListSnapshots(ImageHandle image)
    {
        var size = SomeEntries;
        while (true)
        {
            var buffer = new RbdLibrary.SnapshotEntry[size];
            fixed (RbdLibrary.SnapshotEntry* entries = buffer)
            {
                var count = size;
                var start = entries;
                var known = &count;
                var result = Calls.Try("rbd_snap_list", () => RbdLibrary.ListSnapshots(image, start, known));
                if (-result == CephException.OutOfRange)
                {
                    size = count + SomeEntries;
                    continue;
                }

                if (result < 0)
                {
                    throw new CephException("rbd_snap_list", -result);
                }

                var names = new List<string>(result);
                for (var i = 0; i < result; i++)
                {
                    // Those that were removed and that clones still need are listed, too.
                    if (RbdLibrary.GetSnapshotNamespace(image, entries[i].Id, out var type) < 0 || type == RbdLibrary.UserSnapshot)
                    {
                        names.Add(Text(entries[i].SnapshotName));
                    }
                }

                RbdLibrary.EndSnapshotList(entries);
                return names;
            }
        }
    }

    // Whole objects, told by the image's object map: nothing of the data is read.
    private unsafe long Measure(ImageHandle image)
    {
        var size = (ulong)GetSize(image);
        var sum = 0L;
        var total = &sum;
        _ = Calls.Check(
            "rbd_diff_iterate",
            () => RbdLibrary.IterateDifferences(image, from: null, 0, size, includeParent: 1, wholeObject: 1, &Add, total));
        return sum;
    }

    [UnmanagedCallersOnly]
    private static unsafe int Add(ulong offset, nuint length, int exists, void* total)
    {
        *(long*)total += exists != 0 ? (long)length : 0;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static unsafe int Tell(ulong done, ulong total, void* progress)
    {
        if (total > 0 && GCHandle.FromIntPtr((nint)progress).Target is IProgress<double> told)
        {
            told.Report((double)done / total);
        }

        return 0;
    }
}
