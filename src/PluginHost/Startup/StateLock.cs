using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// Makes sure that one process at a time has a directory; the kernel gives it free when the process ends, however it does.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const int Exclusive = 2;
    private const int DoNotBlock = 4;
    private const int Unlock = 8;
    private readonly SafeFileHandle _file;

    private StateLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock of the directory of the plugin host's state.</summary>
    /// <param name="directory">The directory; it is made if need be.</param>
    /// <exception cref="ClusterException">Another process has it, or the directory cannot be written.</exception>
    public static StateLock TakeState(string directory) => Take(directory, "lock", "state directory", "--state");

    /// <summary>Takes the lock of the directory that volumes are mounted below.</summary>
    /// <param name="directory">The directory; it is made if need be.</param>
    /// <exception cref="ClusterException">Another process has it, or the directory cannot be written.</exception>
    public static StateLock TakeMountRoot(string directory) => Take(directory, ".lock", "mount root", "--mount-root");

    private static StateLock Take(string directory, string name, string kind, string option)
    {
        const uint OwnerOnly = 0x180; // 0600
        try
        {
            _ = Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Internal, $"The {kind} '{directory}' cannot be made: {exception.Message}", exception);
        }

        var path = Path.Combine(directory, name);
        var file = LibC.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.CloseOnExec, OwnerOnly);
        if (file.IsInvalid && LibC.LastError is ErrorNumber.ReadOnlyFileSystem or ErrorNumber.NoSpace)
        {
            // A file that is there is locked as well when it is only read.
            file.Dispose();
            file = LibC.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec, OwnerOnly);
        }

        if (!file.IsInvalid && LibC.Lock(file, Exclusive | DoNotBlock) == 0)
        {
            return new StateLock(file);
        }

        var error = LibC.LastError;
        file.Dispose();
        throw error == ErrorNumber.WouldBlock
            ? new ClusterException(
                ErrorCode.Busy,
                $"The {kind} '{directory}' is in use by another hv-plugin. Stop it, or give another directory with {option}.")
            : new ClusterException(ErrorCode.Internal, $"The {kind} '{directory}' cannot be locked: {LibC.Describe(error)}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A child process that is being started has the file open too, until it runs its program: closing alone would leave the lock to it.
        _ = LibC.Lock(_file, Unlock);
        _file.Dispose();
    }
}
