using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>The calls of Ceph's <c>librbd</c> that the engine makes; names and meanings are those of <c>rbd/librbd.h</c>.</summary>
internal static unsafe partial class RbdLibrary
{
    public const string Name = "librbd.so.1";

    /// <summary><c>RBD_SNAP_NAMESPACE_TYPE_USER</c>: the snapshot was asked for and not removed.</summary>
    public const int UserSnapshot = 0;

    /// <summary><c>RBD_TRASH_IMAGE_SOURCE_MIGRATION</c>: the image is in the trash only while it is being moved.</summary>
    public const int TrashSourceMigration = 2;

    [LibraryImport(Name, EntryPoint = "rbd_image_options_create")]
    public static partial void CreateOptions(out nint options);

    [LibraryImport(Name, EntryPoint = "rbd_image_options_destroy")]
    public static partial void DestroyOptions(nint options);

    [LibraryImport(Name, EntryPoint = "rbd_image_options_set_uint64")]
    public static partial int SetOption(ImageOptions options, int option, ulong value);

    [LibraryImport(Name, EntryPoint = "rbd_create4", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(PoolHandle pool, string image, ulong size, ImageOptions options);

    [LibraryImport(Name, EntryPoint = "rbd_clone3", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Clone(
        PoolHandle parentPool, string parent, string snapshot, PoolHandle pool, string image, ImageOptions options);

    [LibraryImport(Name, EntryPoint = "rbd_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(PoolHandle pool, string image, out nint handle, string? snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_open_read_only", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenReadOnly(PoolHandle pool, string image, out nint handle, string? snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_open_by_id", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenById(PoolHandle pool, string id, out nint handle, string? snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_close")]
    public static partial int Close(nint image);

    [LibraryImport(Name, EntryPoint = "rbd_get_size")]
    public static partial int GetSize(ImageHandle image, out ulong size);

    [LibraryImport(Name, EntryPoint = "rbd_resize2")]
    public static partial int Resize(ImageHandle image, ulong size, byte allowShrink, nint progress, nint argument);

    [LibraryImport(Name, EntryPoint = "rbd_read")]
    public static partial nint Read(ImageHandle image, ulong offset, nuint length, byte* buffer);

    [LibraryImport(Name, EntryPoint = "rbd_write")]
    public static partial nint Write(ImageHandle image, ulong offset, nuint length, byte* buffer);

    [LibraryImport(Name, EntryPoint = "rbd_flush")]
    public static partial int Flush(ImageHandle image);

    [LibraryImport(Name, EntryPoint = "rbd_snap_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateSnapshot(ImageHandle image, string snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_snap_remove", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveSnapshot(ImageHandle image, string snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_snap_rollback", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rollback(ImageHandle image, string snapshot);

    [LibraryImport(Name, EntryPoint = "rbd_snap_list")]
    public static partial int ListSnapshots(ImageHandle image, SnapshotEntry* entries, int* count);

    [LibraryImport(Name, EntryPoint = "rbd_snap_get_namespace_type")]
    public static partial int GetSnapshotNamespace(ImageHandle image, ulong snapshotId, out int type);

    [LibraryImport(Name, EntryPoint = "rbd_snap_list_end")]
    public static partial void EndSnapshotList(SnapshotEntry* entries);

    [LibraryImport(Name, EntryPoint = "rbd_list2")]
    public static partial int List(PoolHandle pool, ImageEntry* entries, nuint* count);

    [LibraryImport(Name, EntryPoint = "rbd_image_spec_list_cleanup")]
    public static partial void EndList(ImageEntry* entries, nuint count);

    [LibraryImport(Name, EntryPoint = "rbd_list_children3")]
    public static partial int ListChildren(ImageHandle image, ChildEntry* entries, nuint* count);

    [LibraryImport(Name, EntryPoint = "rbd_linked_image_spec_list_cleanup")]
    public static partial void EndChildList(ChildEntry* entries, nuint count);

    [LibraryImport(Name, EntryPoint = "rbd_watchers_list")]
    public static partial int ListWatchers(ImageHandle image, WatcherEntry* entries, nuint* count);

    [LibraryImport(Name, EntryPoint = "rbd_watchers_list_cleanup")]
    public static partial void EndWatcherList(WatcherEntry* entries, nuint count);

    [LibraryImport(Name, EntryPoint = "rbd_remove", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Remove(PoolHandle pool, string image);

    [LibraryImport(Name, EntryPoint = "rbd_trash_move", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MoveToTrash(PoolHandle pool, string image, ulong delaySeconds);

    [LibraryImport(Name, EntryPoint = "rbd_trash_list")]
    public static partial int ListTrash(PoolHandle pool, TrashEntry* entries, nuint* count);

    [LibraryImport(Name, EntryPoint = "rbd_trash_list_cleanup")]
    public static partial void EndTrashList(TrashEntry* entries, nuint count);

    [LibraryImport(Name, EntryPoint = "rbd_trash_remove", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFromTrash(PoolHandle pool, string id, [MarshalAs(UnmanagedType.U1)] bool force);

    [LibraryImport(Name, EntryPoint = "rbd_flatten")]
    public static partial int Flatten(ImageHandle image);

    [LibraryImport(Name, EntryPoint = "rbd_diff_iterate2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int IterateDifferences(
        ImageHandle image, string? from, ulong offset, ulong length, byte includeParent, byte wholeObject,
        delegate* unmanaged<ulong, nuint, int, void*, int> callback, void* argument);

    [LibraryImport(Name, EntryPoint = "rbd_migration_prepare", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PrepareMigration(
        PoolHandle pool, string image, PoolHandle targetPool, string targetImage, ImageOptions options);

    [LibraryImport(Name, EntryPoint = "rbd_migration_execute_with_progress", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ExecuteMigration(
        PoolHandle pool, string image, delegate* unmanaged<ulong, ulong, void*, int> progress, void* argument);

    [LibraryImport(Name, EntryPoint = "rbd_migration_commit", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CommitMigration(PoolHandle pool, string image);

    /// <summary><c>rbd_snap_info_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SnapshotEntry
    {
        public ulong Id;
        public ulong Size;
        public byte* SnapshotName;
    }

    /// <summary><c>rbd_image_spec_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ImageEntry
    {
        public byte* Id;
        public byte* ImageName;
    }

    /// <summary><c>rbd_linked_image_spec_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ChildEntry
    {
        public long PoolId;
        public byte* PoolName;
        public byte* PoolNamespace;
        public byte* ImageId;
        public byte* ImageName;
        public byte InTrash;
    }

    /// <summary><c>rbd_image_watcher_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct WatcherEntry
    {
        public byte* Address;
        public long Id;
        public ulong Cookie;
    }

    /// <summary><c>rbd_trash_image_info_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TrashEntry
    {
        public byte* Id;
        public byte* ImageName;
        public int Source;
        public long DeletionTime;
        public long DefermentEndTime;
    }
}
