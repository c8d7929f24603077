using System.Runtime.Versioning;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Leases of files, F_SETLEASE of fcntl(2): by them the kernel tells whether others have a file open.</summary>
[SupportedOSPlatform("linux")]
internal static class FileLease
{
    private const int SetSignal = 10;
    private const nint SigUrg = 23;
    private const int SetLease = 1024;
    private const int GetLease = 1025;
    private const nint Read = 0;
    private const nint Write = 1;

    /// <summary>
    /// Tells whether surely nobody has a file open for writing, in a few microseconds: the kernel grants a write lease only then. A loop
    /// device holds its image open. When it cannot be told, for want of rights or leases, the answer is no.
    /// </summary>
    public static bool IsOpenNowhere(string path)
    {
        using var file = LibC.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        return !file.IsInvalid && TryTake(file, Write);
    }

    /// <summary>
    /// Takes a lease of a file that was opened for reading: as long as it is held, and the file open, whoever opens it for writing waits.
    /// </summary>
    /// <param name="file">The open file.</param>
    /// <returns>0, or the system's error: <see cref="ErrorNumber.WouldBlock"/> when somebody has the file open for writing.</returns>
    public static int TakeForReading(SafeFileHandle file) => TryTake(file, Read) ? 0 : LibC.LastError;

    /// <summary>Tells whether nobody has tried to open the file for writing since <see cref="TakeForReading"/>.</summary>
    public static bool IsHeldForReading(SafeFileHandle file) => LibC.DescriptorControl(file, GetLease, 0) == (int)Read;

    // Who opens the file while we hold the lease makes the kernel send us a signal. The usual one, SIGIO, would end the process.
    private static bool TryTake(SafeFileHandle file, nint lease) =>
        LibC.DescriptorControl(file, SetSignal, SigUrg) == 0 && LibC.DescriptorControl(file, SetLease, lease) == 0;
}
