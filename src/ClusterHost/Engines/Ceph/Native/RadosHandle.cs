using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>A client of a Ceph cluster (<c>rados_t</c>).</summary>
internal sealed class RadosHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public RadosHandle(nint cluster)
        : base(ownsHandle: true) => SetHandle(cluster);

    protected override bool ReleaseHandle()
    {
        RadosLibrary.ShutDown(handle);
        return true;
    }
}
