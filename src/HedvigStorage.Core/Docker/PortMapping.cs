using System.Net;
using System.Net.Sockets;

namespace HedvigStorage.Docker;

/// <summary>A container's port, published on the host.</summary>
public sealed record PortMapping
{
    /// <summary>Gets the host's address; <see langword="null"/> is all addresses. One address has one spelling here.</summary>
    public string? HostAddress { get; init => field = string.IsNullOrEmpty(value) ? null : Normal(value) ?? value; }

    /// <summary>
    /// Gets the host's port, or the first of a range out of which the engine chooses; <see langword="null"/> for any that the engine
    /// chooses.
    /// </summary>
    public int? HostPort { get; init; }

    /// <summary>
    /// Gets the last port of the range out of which the engine chooses; <see langword="null"/> if <see cref="HostPort"/> is a single port.
    /// </summary>
    public int? HostPortEnd { get; init; }

    /// <summary>Gets the container's port, 1 to 65535.</summary>
    public int ContainerPort { get; init; }

    /// <summary>Gets <c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public string Protocol { get; init => field = value.ToLowerInvariant(); } = "tcp";

    /// <summary>
    /// Reads <c>[ADDRESS:][HOST-PORT[-LAST]:]PORT[/PROTOCOL]</c>, such as <c>5432:5432</c>, <c>127.0.0.1:8080:80</c>, <c>8000-8010:80</c>
    /// or <c>[::1]::53/udp</c>.
    /// </summary>
    /// <param name="text">The mapping.</param>
    /// <param name="mapping">The mapping read, or <see langword="null"/>.</param>
    /// <returns>Whether the text is one mapping.</returns>
    public static bool TryParse(string? text, out PortMapping? mapping)
    {
        mapping = TryParseAll(text, out var mappings) && mappings.Count == 1 ? mappings[0] : null;
        return mapping is not null;
    }

    /// <summary>
    /// Reads what <see cref="TryParse"/> reads, or a range of the container's ports, such as <c>9000-9002:9000-9002</c>, which is a mapping
    /// for each.
    /// </summary>
    /// <param name="text">The mappings.</param>
    /// <param name="mappings">The mappings read; empty if the text is not valid.</param>
    /// <returns>Whether the text is a mapping or several.</returns>
    public static bool TryParseAll(string? text, out IReadOnlyList<PortMapping> mappings)
    {
        mappings = [];
        var rest = (text ?? string.Empty).Trim();
        var protocol = "tcp";
        var slash = rest.LastIndexOf('/');
        if (slash >= 0)
        {
            protocol = rest.Substring(slash + 1).ToLowerInvariant();
            rest = rest.Substring(0, slash);
        }

        if (protocol is not ("tcp" or "udp" or "sctp") || !TryTakePorts(ref rest, out var container) || container is not { } inside)
        {
            return false;
        }

        (int First, int Last)? host = null;
        if (rest.Length > 0 && !TryTakePorts(ref rest, out host))
        {
            return false;
        }

        if (rest.Length > 0 && Normal(rest.Trim('[', ']')) is null)
        {
            return false;
        }

        // Only for one port can the engine choose out of several.
        var several = inside.Last > inside.First;
        if (several && host is { } range && range.Last - range.First != inside.Last - inside.First)
        {
            return false;
        }

        mappings = Enumerable.Range(inside.First, inside.Last - inside.First + 1).Select(port => new PortMapping
        {
            HostAddress = rest.Length > 0 ? rest.Trim('[', ']') : null,
            HostPort = host?.First + (several ? port - inside.First : 0),
            HostPortEnd = !several && host is { } choice && choice.Last > choice.First ? choice.Last : null,
            ContainerPort = port,
            Protocol = protocol,
        }).ToArray();
        return true;
    }

    /// <summary>Writes the mapping as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        var address = HostAddress is { } host && host.IndexOf(':') >= 0 ? $"[{host}]" : HostAddress;
        var ports = HostPort is { } port ? Write(port) + (HostPortEnd is { } last ? "-" + Write(last) : string.Empty) : string.Empty;
        var prefix = address is not null ? $"{address}:{ports}:" : ports.Length > 0 ? ports + ":" : string.Empty;
        return prefix + Write(ContainerPort) + (string.Equals(Protocol, "tcp", StringComparison.Ordinal) ? string.Empty : "/" + Protocol);
    }

    private static string Write(int number) => number.ToString(CultureInfo.InvariantCulture);

    // A bare number is an address of its own kind to .NET, and to nobody else.
    private static string? Normal(string? address) =>
        IPAddress.TryParse(address ?? string.Empty, out var known)
            && (known.AddressFamily == AddressFamily.InterNetworkV6 || address!.Split('.').Length == 4)
            ? known.ToString()
            : null;

    // Takes the part after the last colon; an empty part is a port left open.
    private static bool TryTakePorts(ref string rest, out (int First, int Last)? ports)
    {
        ports = null;
        var colon = rest.LastIndexOf(':');
        var part = rest.Substring(colon + 1);
        rest = colon < 0 ? string.Empty : rest.Substring(0, colon);
        if (part.Length == 0)
        {
            return true;
        }

        var bounds = part.Split('-');
        if (bounds.Length > 2 || !TryReadPort(bounds[0], out var first) || !TryReadPort(bounds[bounds.Length - 1], out var last)
            || last < first)
        {
            return false;
        }

        ports = (first, last);
        return true;
    }

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
