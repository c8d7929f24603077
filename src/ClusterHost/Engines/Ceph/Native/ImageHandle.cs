using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>An image that is open (<c>rbd_image_t</c>). It keeps its pool's handle until it is closed.</summary>
internal sealed class ImageHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly PoolHandle _pool;

    public ImageHandle(PoolHandle pool, nint image)
        : base(ownsHandle: true)
    {
        _pool = pool;
        var added = false;
        pool.DangerousAddRef(ref added);
        SetHandle(image);
    }

    protected override bool ReleaseHandle()
    {
        var closed = RbdLibrary.Close(handle) == 0;
        _pool.DangerousRelease();
        return closed;
    }
}
