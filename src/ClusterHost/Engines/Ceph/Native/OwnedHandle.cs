using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>A handle that is of use only as long as another one is open, and keeps that open until it is closed itself.</summary>
internal abstract class OwnedHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly SafeHandle _owner;

    protected OwnedHandle(SafeHandle owner, nint handle)
        : base(ownsHandle: true)
    {
        _owner = owner;
        var added = false;
        owner.DangerousAddRef(ref added);
        SetHandle(handle);
    }

    protected sealed override bool ReleaseHandle()
    {
        var closed = CloseSelf();
        _owner.DangerousRelease();
        return closed;
    }

    /// <summary>Closes the handle itself.</summary>
    /// <returns>Whether that went well.</returns>
    protected abstract bool CloseSelf();
}
