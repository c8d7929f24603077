namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>A pool that is open (<c>rados_ioctx_t</c>).</summary>
internal sealed class PoolHandle(RadosHandle cluster, nint context) : OwnedHandle(cluster, context)
{
    protected override bool CloseSelf()
    {
        RadosLibrary.ClosePool(handle);
        return true;
    }
}
