#if NET8_0_OR_GREATER
#endif

namespace HedvigStorage.Hosting;

/// <summary>Not every installer keeps permissions, so a host that one unpacked may not be run yet.</summary>
internal static class ExecutionRight
{
#if NET8_0_OR_GREATER
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const int ReadToExecute = 2;

    /// <summary>
    /// Lets those run a program who may read it, and the other programs that lie beside it: a person calls <c>hv</c> without asking here
    /// first.
    /// </summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: it is somebody else's.</exception>
    public static void Ensure(string path)
    {
        if (OperatingSystem.IsWindows() || MayRun(path))
        {
            return;
        }

        try
        {
            foreach (var program in HostExecutables.All.Select(
                name => Path.Combine(Path.GetDirectoryName(path)!, name)).Where(program => File.Exists(program) && !MayRun(program)))
            {
                var mode = File.GetUnixFileMode(program);
                File.SetUnixFileMode(program, mode | (UnixFileMode)((int)(mode & Read) >> ReadToExecute));
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"'{path}' may not be run, and is not yours to change. Its owner has to run: chmod a+x '{path}'",
                exception);
        }
    }

    private static bool MayRun(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None;
#else
    /// <summary>Windows PowerShell, the one user of this build, runs where files need no such right.</summary>
    public static void Ensure(string path) => _ = path;
#endif
}
