using System.Net;
using System.Net.Sockets;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>Finds out that an address is taken before anything in the data directory is touched.</summary>
internal sealed class ListenProbe : IDisposable
{
    private readonly Socket _socket;

    private ListenProbe(Socket socket) => _socket = socket;

    /// <summary>Takes the address for a while.</summary>
    /// <exception cref="StartException">The address cannot be listened to.</exception>
    public static ListenProbe Check(Uri listen)
    {
        var address = ToAddress(listen);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, listen.Port));
            socket.Listen();
            return new ListenProbe(socket);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw CannotListen(listen, error);
        }
    }

    public static IPAddress ToAddress(Uri listen) =>
        listen.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.Loopback
            : IPAddress.Parse(listen.Host.Trim('[', ']'));

    /// <summary>Tells whether it stands for all of the machine's addresses.</summary>
    public static bool IsAny(Uri listen) =>
        ToAddress(listen) is var address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    public static StartException CannotListen(Uri listen, Exception error)
    {
        var taken = error is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } or IOException
        {
            InnerException.InnerException: SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse },
        }
            || error.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
            || error.Message.Contains("in use", StringComparison.OrdinalIgnoreCase);
        return new StartException(
            taken
                ? $"The address {listen.GetLeftPart(UriPartial.Authority)} is in use already. Stop what listens there, "
                    + "or give another --listen; port 0 picks a free one."
                : $"The address {listen.GetLeftPart(UriPartial.Authority)} cannot be listened to: {error.Message}",
            error);
    }

    /// <summary>Frees the address for the server.</summary>
    public void Release() => _socket.Dispose();

    public void Dispose() => _socket.Dispose();
}
