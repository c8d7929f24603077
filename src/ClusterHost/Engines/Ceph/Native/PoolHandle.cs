using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>A pool that is open (<c>rados_ioctx_t</c>). It keeps its cluster's handle until it is closed.</summary>
internal sealed class PoolHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly RadosHandle _cluster;

    public PoolHandle(RadosHandle cluster, nint context)
        : base(ownsHandle: true)
    {
        _cluster = cluster;
        var added = false;
        cluster.DangerousAddRef(ref added);
        SetHandle(context);
    }

    protected override bool ReleaseHandle()
    {
        RadosLibrary.ClosePool(handle);
        _cluster.DangerousRelease();
        return true;
    }
}
