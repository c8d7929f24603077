using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>The TCP connections of this machine, as <c>/proc/net</c> tells them.</summary>
internal static class LinuxConnections
{
    // Columns of /proc/net/tcp, proc(5): the local and the remote address, and the user that the socket belongs to.
    private const int Local = 1;
    private const int Remote = 2;
    private const int User = 7;

    /// <summary>
    /// Finds the user of this machine that has the client's end of a connection, as a number; <see langword="null"/> if that cannot be
    /// told.
    /// </summary>
    public static string? FindUser(IPEndPoint client, IPEndPoint server) => client.AddressFamily == AddressFamily.InterNetworkV6
        ? Find("/proc/net/tcp6", client, server)
        ?? (client.Address.IsIPv4MappedToIPv6 ? Find("/proc/net/tcp", ToIPv4(client), ToIPv4(server)) : null)
        : Find("/proc/net/tcp", client, server) ?? Find("/proc/net/tcp6", ToIPv6(client), ToIPv6(server));

    private static string? Find(string table, IPEndPoint client, IPEndPoint server)
    {
        var (local, remote) = (Text(client), Text(server));
        try
        {
            foreach (var line in File.ReadLines(table))
            {
                var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (columns.Length > User && string.Equals(columns[Local], local, StringComparison.Ordinal)
                    && string.Equals(columns[Remote], remote, StringComparison.Ordinal))
                {
                    return columns[User];
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel without IPv6 has no such table.
        }

        return null;
    }

    private static IPEndPoint ToIPv4(IPEndPoint end) => new(end.Address.MapToIPv4(), end.Port);

    private static IPEndPoint ToIPv6(IPEndPoint end) => new(end.Address.MapToIPv6(), end.Port);

    // Words of 32 bits in the machine's own order, and the port.
    private static string Text(IPEndPoint end)
    {
        var bytes = end.Address.GetAddressBytes();
        var text = new StringBuilder();
        for (var index = 0; index < bytes.Length; index += 4)
        {
            var word = bytes.AsSpan(index, 4);
            _ = text.Append(
                (BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(word) : BinaryPrimitives.ReadUInt32BigEndian(word))
                    .ToString("X8", CultureInfo.InvariantCulture));
        }

        return text.Append(CultureInfo.InvariantCulture, $":{end.Port:X4}").ToString();
    }
}
