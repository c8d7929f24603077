using System.Net.Sockets;
using HedvigStorage.Linux;
using HedvigStorage.Linux.Systemd;
using HedvigStorage.PluginHost.Protocol;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>Kestrel on a unix socket, without a generic host: that takes half of the start-up time and some megabytes.</summary>
internal sealed class PluginServer : IDisposable
{
    // A client that has just connected sends its request at once.
    private static readonly TimeSpan LastRequests = TimeSpan.FromMilliseconds(200);

    private readonly KestrelServer _server;
    private readonly HandoverTransport _transport;
    private readonly string? _socket;

    private PluginServer(KestrelServer server, HandoverTransport transport, string? socket)
    {
        _server = server;
        _transport = transport;
        _socket = socket;
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="socket">The socket's path; one that nobody listens on is replaced. It is left alone if it was handed over.</param>
    /// <param name="application">What answers.</param>
    /// <param name="passed">The socket that systemd handed over, or <see langword="null"/>.</param>
    /// <exception cref="ClusterException">The socket cannot be had.</exception>
    public static async Task<PluginServer> StartAsync(string socket, PluginApplication application, PassedSocket? passed)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };

        // A Mount may take two minutes and its body comes at once: nothing here depends on rates.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;

        // A client that keeps a connection may send on it in the very moment in which it is ended for being idle. (An infinite time
        // overflows in Kestrel and is over at once.)
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(1000);
        if (passed is not null)
        {
            options.ListenHandle((ulong)passed.Descriptor);
        }
        else
        {
            MakeRoom(socket);
            options.ListenUnixSocket(socket);
        }

        var transport = new HandoverTransport(
            new SocketTransportFactory(Options.Create(new SocketTransportOptions { IOQueueCount = 0 }), NullLoggerFactory.Instance));
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
        }
        catch (IOException exception)
        {
            server.Dispose();
            transport.Dispose();
            throw new ClusterException(ErrorCode.Internal, $"The socket '{socket}' cannot be listened on: {exception.Message}", exception);
        }

        if (passed is null)
        {
            File.SetUnixFileMode(socket, OwnerOnly);
        }

        return new PluginServer(server, transport, passed is null ? socket : null);
    }

    /// <summary>Stops to listen, ends the requests under way (within a limit) and removes the socket.</summary>
    /// <param name="limit">The limit.</param>
    public async Task StopAsync(TimeSpan limit)
    {
        using var cancellation = new CancellationTokenSource(limit);

        // dockerd waits 15 s for a socket that is there and that nobody answers, so it goes first.
        if (_socket is not null)
        {
            File.Delete(_socket);
        }

        await _transport.EndAsync();
        if (_socket is null)
        {
            await Task.Delay(LastRequests, CancellationToken.None);
        }

        try
        {
            await _transport.DrainAsync(cancellation.Token);
        }
        catch (OperationCanceledException)
        {
            // What takes longer is left unanswered.
        }

        await _server.StopAsync(cancellation.Token);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Dispose();
        _transport.Dispose();
    }

    private static void MakeRoom(string socket)
    {
        const int MaximumPathBytes = 107;
        if (System.Text.Encoding.UTF8.GetByteCount(socket) > MaximumPathBytes)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The socket's path '{socket}' is too long: a unix socket's path has at most {MaximumPathBytes} bytes.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        if (!File.Exists(socket))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(socket));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // Nobody listens: a process that was killed has left it.
            File.Delete(socket);
            return;
        }
        catch (SocketException exception)
        {
            throw new ClusterException(
                ErrorCode.Internal,
                $"The path '{socket}' is taken by something that is not a unix stream socket: {LibC.Describe(exception.NativeErrorCode)}.",
                exception);
        }

        throw new ClusterException(
            ErrorCode.Busy, $"The socket '{socket}' is in use by another process that runs. Stop it, or give another path with --socket.");
    }
}
