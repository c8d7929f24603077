using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>Ceph's client libraries, which are loaded only when the engine is chosen.</summary>
internal static class CephLibraries
{
    /// <summary>Makes sure that they are there.</summary>
    /// <exception cref="ClusterException">One is not, with the package to install.</exception>
    public static void Require()
    {
        Require(RadosLibrary.Name, "librados2");
        Require(RbdLibrary.Name, "librbd1");
    }

    private static void Require(string library, string package)
    {
        if (!NativeLibrary.TryLoad(library, out _))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The engine ceph needs {library}, which is not on this machine. Install the package {package} (Debian, Ubuntu, Fedora).");
        }
    }
}
