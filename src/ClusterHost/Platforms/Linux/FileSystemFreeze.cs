using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>
/// Freezes a mounted file system around some work. A process that dies while a file system is frozen would stop all its writers for
/// ever, so a guard process waits on a pipe from us and thaws it when the pipe closes, which the kernel does however we end.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class FileSystemFreeze
{
    // The guard outlives signals to our process group. A line tells it that there is nothing of ours to thaw: what is frozen then, somebody
    // else has frozen.
    private const string GuardScript = "trap '' INT TERM HUP; read _ && exit 0; exec fsfreeze --unfreeze \"$1\" 2>/dev/null";
    private const nuint Freeze = 0xC0045877; // FIFREEZE
    private const nuint Thaw = 0xC0045878; // FITHAW
    private static readonly TimeSpan GuardLimit = TimeSpan.FromSeconds(30);

    /// <summary>Freezes what is mounted, and thaws it however the work ends.</summary>
    /// <param name="mountPoint">Where it is mounted.</param>
    /// <param name="number">The device that is mounted there.</param>
    /// <param name="work">What is done meanwhile.</param>
    /// <exception cref="ImageUnsettledException">The device is mounted there no longer.</exception>
    public static void Run(string mountPoint, string? number, Action work)
    {
        using var root = LibC.Open(mountPoint, OpenFlags.Directory | OpenFlags.CloseOnExec);
        if (root.IsInvalid)
        {
            var code = LibC.LastError;
            throw code is ErrorNumber.NoEntry ? Unmounted() : CannotFreeze(mountPoint, code);
        }

        // What lies below a mount that has gone is another file system, which must not be stopped.
        if (FileStatistics.Of(root) is { } present && present.Device != number)
        {
            throw Unmounted();
        }

        _ = LibC.SynchronizeFileSystem(root);
        using var guard = StartGuard(mountPoint);
        var isFrozen = false;
        try
        {
            if (LibC.Control(root, Freeze, 0) != 0)
            {
                throw CannotFreeze(mountPoint, LibC.LastError);
            }

            isFrozen = true;
            try
            {
                work();
            }
            finally
            {
                isFrozen = LibC.Control(root, Thaw, 0) != 0;
            }
        }
        finally
        {
            // A guard that came late could thaw the next freeze of this file system: it must be gone before the volume is free again.
            End(guard, thaw: isFrozen);
            if (!guard.WaitForExit(GuardLimit))
            {
                guard.Kill();
                guard.WaitForExit();
            }
        }
    }

    public static void TryThaw(string mountPoint)
    {
        using var root = LibC.Open(mountPoint, OpenFlags.Directory | OpenFlags.CloseOnExec);
        if (!root.IsInvalid)
        {
            _ = LibC.Control(root, Thaw, 0);
        }
    }

    private static ImageUnsettledException Unmounted() => new("being unmounted");

    private static void End(Process guard, bool thaw)
    {
        try
        {
            if (!thaw)
            {
                guard.StandardInput.WriteLine();
            }

            guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself, and does not thaw any more.
        }
    }

    private static Process StartGuard(string mountPoint)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(GuardScript);
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(mountPoint);
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume is mounted, and the process that guards its freeze cannot be started: {error.Message}. Unmount the volume.",
                error);
        }
    }

    private static ClusterException CannotFreeze(string mountPoint, int code) =>
        code is ErrorNumber.NotPermitted or ErrorNumber.PermissionDenied
        ? new ClusterException(
            ErrorCode.Refused,
            $"The volume is mounted at {mountPoint}, and freezing it for a clean image needs root (CAP_SYS_ADMIN). Unmount the volume, "
                + "or run hv-cluster as root.")
        : new ClusterException(
            code == ErrorNumber.DeviceBusy ? ErrorCode.Busy : ErrorCode.Refused,
            $"The volume is mounted at {mountPoint}, which cannot be frozen for a clean image: {Marshal.GetPInvokeErrorMessage(code)}. "
                + "Unmount the volume.");
}
