using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Linux.Systemd;

/// <summary>The listening socket that systemd hands over: sd_listen_fds(3).</summary>
/// <param name="Descriptor">Its file descriptor.</param>
/// <param name="Path">Where it is bound.</param>
[SupportedOSPlatform("linux")]
internal sealed record PassedSocket(int Descriptor, string Path)
{
    private const int FirstDescriptor = 3;

    /// <summary>Finds what was handed over.</summary>
    /// <param name="environment">Finds an environment variable.</param>
    /// <param name="processId">This process.</param>
    /// <returns>The socket, or <see langword="null"/> if none was handed to this process.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: what was handed over is not one unix socket that
    /// listens.</exception>
    public static PassedSocket? Find(Func<string, string?> environment, int processId)
    {
        if (environment("LISTEN_PID") is not { Length: > 0 } process || environment("LISTEN_FDS") is not { Length: > 0 } descriptors)
        {
            return null;
        }

        // Another process' variables are inherited by mistake, and none of ours.
        if (ReadNumber("LISTEN_PID", process) != processId)
        {
            return null;
        }

        var count = ReadNumber("LISTEN_FDS", descriptors);
        if (count != 1)
        {
            throw Invalid($"LISTEN_FDS is {count}: hv-plugin takes one socket. Give one ListenStream= in its socket unit.");
        }

        return Inspect();
    }

    private static PassedSocket Inspect()
    {
        KeepFromChildren();
        try
        {
            using var socket = new Socket(new SafeSocketHandle(FirstDescriptor, ownsHandle: false));
            if (socket is { AddressFamily: AddressFamily.Unix, SocketType: SocketType.Stream }
                && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1
                && socket.LocalEndPoint?.ToString() is ['/', ..] path)
            {
                return new PassedSocket(FirstDescriptor, path);
            }
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw Invalid(
                $"LISTEN_FDS names descriptor {FirstDescriptor}, which is not a socket: {exception.Message.ReplaceLineEndings(" ")}");
        }

        throw Invalid(
            $"LISTEN_FDS names descriptor {FirstDescriptor}, which is not a unix stream socket that listens at a path. "
                + "Give ListenStream= such a path, and Accept=no.");
    }

    // The tools that a host runs must not inherit it.
    private static void KeepFromChildren()
    {
        const int SetDescriptorFlags = 2;
        const int CloseOnExec = 1;
        using var descriptor = new SafeFileHandle(FirstDescriptor, ownsHandle: false);
        _ = LibC.DescriptorControl(descriptor, SetDescriptorFlags, CloseOnExec);
    }

    private static int ReadNumber(string variable, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Invalid(
                $"{variable} is '{ObjectName.Printable(text)}', not a number above 0. systemd sets it; "
                    + "unset it to start hv-plugin by hand.");

    private static ClusterException Invalid(string message) => new(ErrorCode.InvalidArgument, message);
}
