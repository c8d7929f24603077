#if NET8_0_OR_GREATER
using System.Net.Http;
#endif
using System.Net.Sockets;
using System.Security.Authentication;
using HedvigStorage.Client.Compatibility;

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
                case AuthenticationException when current.Message.ContainsIgnoreCase("frame")
                    || current.Message.ContainsIgnoreCase("SSL_ERROR_SSL"):
                    return "it does not speak TLS; its address may be one with http";
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

    /// <summary>Finds what is wrong with the node's certificate, if that is why there was no connection.</summary>
    public static CertificateRefusal? FindRefusal(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is CertificateRefusal refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Says that what came is not an answer, however often it is asked for; <see langword="null"/> if a repeat may help.</summary>
    public static string? FindNonsense(Exception exception)
    {
#if NET8_0_OR_GREATER
        return exception is HttpRequestException request
            ? request.HttpRequestError switch
            {
                HttpRequestError.InvalidResponse => "it is not HTTP",
                HttpRequestError.ConfigurationLimitExceeded => "it is longer than a client reads",
                _ => null,
            }
            : null;
#else
        // .NET Framework tells it in words only; the connection's end is all that is known there.
        _ = exception;
        return null;
#endif
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
