using System.Net.Sockets;
using System.Runtime.InteropServices;
using HedvigStorage.Linux;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace HedvigStorage.PluginHost.Protocol;

/// <summary>The engine's process at the other end of the unix socket, as the kernel tells it. Source: unix(7), SO_PEERCRED.</summary>
internal static class EnginePeer
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Identifies it, also if it was killed since it sent the request; <see langword="null"/> if it cannot be told.</summary>
    /// <param name="context">The request.</param>
    public static string? Of(IFeatureCollection context)
    {
        if (context.Get<IConnectionSocketFeature>()?.Socket is not { AddressFamily: AddressFamily.Unix } socket)
        {
            return null;
        }

        // The process, its user and its group, 32 bits each; the process is 0 if it is of a namespace that cannot be seen from here.
        Span<int> credentials = stackalloc int[3];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentials, MemoryMarshal.AsBytes(credentials));
        return credentials[0] > 0 ? (ProcessIdentity.Of(credentials[0]) ?? ProcessIdentity.OfEnded(credentials[0])).ToString() : null;
    }
}
