using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Reads and writes single bytes of files of CephFS by its library, so that no mount is needed.</summary>
internal sealed partial class CephFiles : IDisposable
{
    private const string Library = "libcephfs.so.2";
    private const int NotThere = -2;
    private const int ReadOnly = 0;
    private const int Create = 0x41;

    private readonly nint _mount;

    public CephFiles(string configFile, string user)
    {
        Check(ceph_create(out _mount, user));
        Check(ceph_conf_read_file(_mount, configFile));
        Check(ceph_mount(_mount, "/"));
    }

    public byte Read(string path, long position)
    {
        var file = ceph_open(_mount, path, ReadOnly, 0);
        if (file == NotThere)
        {
            return 0;
        }

        Check(file);
        Span<byte> value = [0];
        Check(ceph_read(_mount, file, value, 1, position));
        Check(ceph_close(_mount, file));
        return value[0];
    }

    public void Write(string path, long position, byte value) => Write(path, position, [value]);

    public void Write(string path, long position, ReadOnlySpan<byte> content)
    {
        var file = Check(ceph_open(_mount, path, Create, 420));
        Check(ceph_write(_mount, file, content, content.Length, position));
        Check(ceph_fsync(_mount, file, 0));
        Check(ceph_close(_mount, file));
    }

    public string ReadAttribute(string path, string name)
    {
        var value = new byte[256];
        return Encoding.UTF8.GetString(value, 0, Check(ceph_getxattr(_mount, path, name, value, (nuint)value.Length)));
    }

    public void Dispose()
    {
        _ = ceph_unmount(_mount);
        _ = ceph_release(_mount);
    }

    private static int Check(int result) => result < 0 ? throw new IOException(Marshal.GetPInvokeErrorMessage(-result)) : result;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ceph_create(out nint mount, string id);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ceph_conf_read_file(nint mount, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ceph_mount(nint mount, string root);

    [LibraryImport(Library)]
    private static partial int ceph_unmount(nint mount);

    [LibraryImport(Library)]
    private static partial int ceph_release(nint mount);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ceph_open(nint mount, string path, int flags, uint mode);

    [LibraryImport(Library)]
    private static partial int ceph_close(nint mount, int file);

    [LibraryImport(Library)]
    private static partial int ceph_read(nint mount, int file, Span<byte> buffer, long size, long offset);

    [LibraryImport(Library)]
    private static partial int ceph_write(nint mount, int file, ReadOnlySpan<byte> buffer, long size, long offset);

    [LibraryImport(Library)]
    private static partial int ceph_fsync(nint mount, int file, int dataOnly);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ceph_getxattr(nint mount, string path, string name, Span<byte> value, nuint size);
}
