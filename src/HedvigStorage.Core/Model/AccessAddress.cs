using System.Net;
using System.Net.Sockets;

namespace HedvigStorage;

/// <summary>The rule for the addresses of access rules.</summary>
public static class AccessAddress
{
    /// <summary>
    /// The address that stands for everybody, whatever the type. Source: Hedvig's Cinder driver, which gives it where no IQN is registered.
    /// </summary>
    public const string Everybody = "ALL";

    /// <summary>Refuses an address that is none of its type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="address">The address.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the message says what would be right.</exception>
    public static string Check(AccessRuleType type, string? address)
    {
        var wrong = IsEverybody(address) ? null : FindFault(type, address ?? string.Empty);
        return wrong is null
            ? address!
            : throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The address '{ObjectName.Printable(address ?? string.Empty)}' does not fit an access rule of type {type}. {wrong}");
    }

    /// <summary>Tells what type an address is of, for clusters that do not say it.</summary>
    /// <param name="address">The address.</param>
    public static AccessRuleType TypeOf(string address) =>
        InitiatorName.IsValid(address) || IsEverybody(address)
            ? AccessRuleType.Iqn
            : FindNetworkFault(address) is null
            ? AccessRuleType.Ip
            : AccessRuleType.Host;

    /// <summary>Tells whether an address is <see cref="Everybody"/>.</summary>
    /// <param name="address">The address.</param>
    public static bool IsEverybody(string? address) => string.Equals(address, Everybody, StringComparison.Ordinal);

    internal static bool IsIPv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork
        // What else the parser takes, octal and hexadecimal numbers among it, no two programs read alike.
        && string.Equals(address.ToString(), text, StringComparison.Ordinal);

    private static string? FindFault(AccessRuleType type, string address) => type switch
    {
        AccessRuleType.Iqn => InitiatorName.IsValid(address) ? null : InitiatorName.Rule,
        AccessRuleType.Ip => FindNetworkFault(address),
        _ when FindNetworkFault(address) is null => "It is an IP address or network: give the type ip.",
        _ => HostName.IsValid(address) ? null : HostName.Rule,
    };

    private static string? FindNetworkFault(string text)
    {
        const string Right = "Give an IPv4 or IPv6 address, a network such as 10.1.0.0/16, or ALL.";
        var slash = text.IndexOf('/');
        if (ReadAddress(slash < 0 ? text : text.Substring(0, slash)) is not { } bytes)
        {
            return Right;
        }

        if (slash < 0)
        {
            return null;
        }

        var length = text.Substring(slash + 1);
        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) || bits > bytes.Length * 8
            || (length.Length > 1 && length[0] == '0'))
        {
            return Right;
        }

        // Bits of a host in the address of a network are a slip: nobody knows which of the two was meant.
        var network = bytes.Select((value, index) => (byte)(value & ~(0xff >> Math.Max(0, Math.Min(8, bits - (index * 8)))))).ToArray();
        return network.SequenceEqual(bytes) ? null : $"The network of that length is {new IPAddress(network)}/{length}.";
    }

    private static byte[]? ReadAddress(string text) =>
        IsIPv4(text)
            || (text.IndexOf(':') >= 0 && text.IndexOfAny(['[', ']', '%']) < 0 && IPAddress.TryParse(
                text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6)
            ? IPAddress.Parse(text).GetAddressBytes()
            : null;
}
