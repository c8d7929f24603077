using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>The calls of Ceph's <c>librados</c> that the engine makes; names and meanings are those of <c>rados/librados.h</c>.</summary>
internal static partial class RadosLibrary
{
    public const string Name = "librados.so.2";

    [LibraryImport(Name, EntryPoint = "rados_create2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Create(out nint cluster, string clusterName, string userName, ulong flags);

    [LibraryImport(Name, EntryPoint = "rados_conf_read_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ReadConfiguration(RadosHandle cluster, string path);

    [LibraryImport(Name, EntryPoint = "rados_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetOption(RadosHandle cluster, string option, string value);

    [LibraryImport(Name, EntryPoint = "rados_conf_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetOption(RadosHandle cluster, string option, Span<byte> value, nuint length);

    [LibraryImport(Name, EntryPoint = "rados_connect")]
    public static partial int Connect(RadosHandle cluster);

    [LibraryImport(Name, EntryPoint = "rados_get_instance_id")]
    public static partial ulong GetInstance(RadosHandle cluster);

    [LibraryImport(Name, EntryPoint = "rados_shutdown")]
    public static partial void ShutDown(nint cluster);

    [LibraryImport(Name, EntryPoint = "rados_mon_command")]
    public static unsafe partial int MonitorCommand(
        RadosHandle cluster, byte** command, nuint count, byte* input, nuint inputLength, out byte* output, out nuint outputLength,
        out byte* status, out nuint statusLength);

    [LibraryImport(Name, EntryPoint = "rados_mgr_command")]
    public static unsafe partial int ManagerCommand(
        RadosHandle cluster, byte** command, nuint count, byte* input, nuint inputLength, out byte* output, out nuint outputLength,
        out byte* status, out nuint statusLength);

    [LibraryImport(Name, EntryPoint = "rados_buffer_free")]
    public static unsafe partial void FreeBuffer(byte* buffer);

    [LibraryImport(Name, EntryPoint = "rados_wait_for_latest_osdmap")]
    public static partial int WaitForMap(RadosHandle cluster);

    [LibraryImport(Name, EntryPoint = "rados_ioctx_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenPool(RadosHandle cluster, string pool, out nint context);

    [LibraryImport(Name, EntryPoint = "rados_set_pool_full_try")]
    public static partial void TryWhenFull(PoolHandle pool);

    [LibraryImport(Name, EntryPoint = "rados_getaddrs")]
    public static partial int GetAddresses(RadosHandle cluster, out nint addresses);

    [LibraryImport(Name, EntryPoint = "rados_ioctx_destroy")]
    public static partial void ClosePool(nint context);

    [LibraryImport(Name, EntryPoint = "rados_read", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Read(PoolHandle pool, string entry, Span<byte> buffer, nuint length, ulong offset);

    /// <summary>Has a class of the storage daemons carry out one of its methods on an object.</summary>
    [LibraryImport(Name, EntryPoint = "rados_exec", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execute(
        PoolHandle pool, string entry, string classOfMethod, string method, ReadOnlySpan<byte> input, nuint inputLength, Span<byte> output,
        nuint outputLength);

    [LibraryImport(Name, EntryPoint = "rados_create_read_op")]
    public static partial nint CreateReadOperation();

    [LibraryImport(Name, EntryPoint = "rados_release_read_op")]
    public static partial void ReleaseReadOperation(nint operation);

    [LibraryImport(Name, EntryPoint = "rados_read_op_omap_get_vals2", StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial void ListPairs(
        nint operation, string? after, string? prefix, ulong most, out nint pairs, out byte more, int* result);

    [LibraryImport(Name, EntryPoint = "rados_read_op_operate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Operate(nint operation, PoolHandle pool, string entry, int flags);

    [LibraryImport(Name, EntryPoint = "rados_create_write_op")]
    public static partial nint CreateWriteOperation();

    [LibraryImport(Name, EntryPoint = "rados_release_write_op")]
    public static partial void ReleaseWriteOperation(nint operation);

    [LibraryImport(Name, EntryPoint = "rados_write_op_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void CreateObject(nint operation, int exclusive, string? category);

    [LibraryImport(Name, EntryPoint = "rados_write_op_operate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Operate(nint operation, PoolHandle pool, string entry, nint modified, int flags);

    [LibraryImport(Name, EntryPoint = "rados_omap_get_next2")]
    public static unsafe partial int NextPair(nint pairs, out byte* key, out byte* value, out nuint keyLength, out nuint valueLength);

    [LibraryImport(Name, EntryPoint = "rados_omap_get_end")]
    public static partial void EndPairs(nint pairs);
}
