namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>An image that is open (<c>rbd_image_t</c>).</summary>
internal sealed class ImageHandle(PoolHandle pool, nint image) : OwnedHandle(pool, image)
{
    protected override bool CloseSelf() => RbdLibrary.Close(handle) == 0;
}
