using System.Net.Sockets;

namespace HedvigStorage.Tests.Shared;

/// <summary>The receiving end of sd_notify(3).</summary>
internal sealed class ServiceManager : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    /// <summary>Begins to receive.</summary>
    /// <param name="name">A path, or an abstract name with @.</param>
    public ServiceManager(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
    }

    public string Name { get; }

    /// <summary>Waits for the next message.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token));
    }

    /// <summary>Waits for a message with this line; those before it are passed over.</summary>
    public async Task<string> ReceiveAsync(string line)
    {
        while (true)
        {
            var message = await ReceiveAsync();
            if (Array.IndexOf(message.Split('\n'), line) >= 0)
            {
                return message;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (Name[0] == '/')
        {
            File.Delete(Name);
        }
    }
}
