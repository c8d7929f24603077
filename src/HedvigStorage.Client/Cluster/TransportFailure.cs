using System;
using System.Net.Sockets;
using System.Security.Authentication;

namespace HedvigStorage.Client.Cluster;

/// <summary>Says in words why a connection failed; the exceptions' own words differ between .NET and .NET Framework.</summary>
internal static class TransportFailure
{
    /// <summary>Finds the cause that people can act on.</summary>
    public static string Describe(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return "the host name is not known";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connection refused";
                case SocketException { SocketErrorCode: SocketError.AccessDenied }:
                    return "permission denied";
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return "the connection timed out";
                case AuthenticationException:
                    return "the TLS handshake failed: " + current.Message.TrimEnd('.');
            }

            if (current.InnerException is null)
            {
                return current.Message.TrimEnd('.');
            }
        }

        return exception.Message.TrimEnd('.');
    }

    /// <summary>Tells whether the request cannot have reached the node.</summary>
    public static bool NeverConnected(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is AuthenticationException or SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
                        or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AddressNotAvailable,
                })
            {
                return true;
            }
        }

        return false;
    }
}
