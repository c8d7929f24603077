using System;
using System.Globalization;
using System.Net;

namespace HedvigStorage.Docker;

/// <summary>A container's port, published on the host.</summary>
public sealed record PortMapping
{
    /// <summary>Gets the host's address; <see langword="null"/> is all addresses.</summary>
    public string? HostAddress { get; init; }

    /// <summary>Gets the host's port, or <see langword="null"/> for one that the engine chooses.</summary>
    public int? HostPort { get; init; }

    /// <summary>Gets the container's port, 1 to 65535.</summary>
    public int ContainerPort { get; init; }

    /// <summary>Gets <c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>Reads <c>[ADDRESS:][HOST-PORT:]PORT[/PROTOCOL]</c>, such as <c>5432:5432</c>, <c>127.0.0.1:8080:80</c> or <c>[::1]::53/udp</c>.</summary>
    /// <param name="text">The mapping.</param>
    /// <param name="mapping">The mapping read, or <see langword="null"/>.</param>
    /// <returns>Whether the text is a mapping.</returns>
    public static bool TryParse(string? text, out PortMapping? mapping)
    {
        mapping = null;
        var rest = (text ?? string.Empty).Trim();
        var protocol = "tcp";
        var slash = rest.LastIndexOf('/');
        if (slash >= 0)
        {
            protocol = rest.Substring(slash + 1).ToLowerInvariant();
            rest = rest.Substring(0, slash);
        }

        if (protocol is not ("tcp" or "udp" or "sctp") || !TryTakePort(ref rest, out var containerPort) || containerPort is null)
        {
            return false;
        }

        int? hostPort = null;
        if (rest.Length > 0 && !TryTakePort(ref rest, out hostPort))
        {
            return false;
        }

        var address = rest.Trim('[', ']');
        if (rest.Length > 0 && !IPAddress.TryParse(address, out _))
        {
            return false;
        }

        mapping = new PortMapping { HostAddress = rest.Length > 0 ? address : null, HostPort = hostPort, ContainerPort = containerPort.Value, Protocol = protocol };
        return true;
    }

    /// <summary>Writes the mapping as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        var address = HostAddress is { } host && host.IndexOf(':') >= 0 ? $"[{host}]" : HostAddress;
        var prefix = address is not null
            ? $"{address}:{HostPort?.ToString(CultureInfo.InvariantCulture)}:"
            : HostPort is { } port ? port.ToString(CultureInfo.InvariantCulture) + ":" : string.Empty;
        return prefix + ContainerPort.ToString(CultureInfo.InvariantCulture) + (string.Equals(Protocol, "tcp", StringComparison.Ordinal) ? string.Empty : "/" + Protocol);
    }

    // Takes the part after the last colon; an empty part is a port left open.
    private static bool TryTakePort(ref string rest, out int? port)
    {
        port = null;
        var colon = rest.LastIndexOf(':');
        var part = rest.Substring(colon + 1);
        rest = colon < 0 ? string.Empty : rest.Substring(0, colon);
        if (part.Length == 0)
        {
            return true;
        }

        if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < 1 or > 65535)
        {
            return false;
        }

        port = value;
        return true;
    }
}
