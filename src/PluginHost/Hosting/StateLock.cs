using System;
using System.IO;
using HedvigStorage.PluginHost.Native;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Hosting;

/// <summary>Makes sure that one process at a time has a state directory; the kernel gives it free when the process ends, however it does.</summary>
internal sealed class StateLock : IDisposable
{
    private const int Exclusive = 2;
    private const int DoNotBlock = 4;
    private readonly SafeFileHandle _file;

    private StateLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="directory">The state directory; it is made if need be.</param>
    /// <exception cref="ClusterException">Another process has it, or the directory cannot be written.</exception>
    public static StateLock Take(string directory)
    {
        const uint OwnerOnly = 0x180; // 0600
        try
        {
            _ = Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Internal, $"The state directory '{directory}' cannot be made: {exception.Message}", exception);
        }

        var file = LibC.Open(Path.Combine(directory, "lock"), OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.CloseOnExec, OwnerOnly);
        if (!file.IsInvalid && LibC.Lock(file, Exclusive | DoNotBlock) == 0)
        {
            return new StateLock(file);
        }

        var error = LibC.LastError;
        file.Dispose();
        throw error == LibC.WouldBlock
            ? new ClusterException(ErrorCode.Busy, $"The state directory '{directory}' is in use by another hv-plugin. Stop it, or give another directory with --state.")
            : new ClusterException(ErrorCode.Internal, $"The state directory '{directory}' cannot be locked: {LibC.Describe(error)}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
