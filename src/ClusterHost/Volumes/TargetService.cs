using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Configures, lists and removes targets.</summary>
internal sealed class TargetService(ServiceContext state)
{
    private const int Named = 5;

    // iqn.2012-05.com.hedvig:storage.<target>-<lun> is what clients make of a name, and no initiator takes more than 223 bytes of it.
    private const int LongestBlockName = 186;

    /// <summary>Finds a target that a request needs.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: there is none of that name; the message says how to
    /// come by one.</exception>
    public static TargetRow Require(CatalogConnection catalog, string name)
    {
        if (catalog.FindTarget(name) is { } found)
        {
            return found;
        }

        var others = catalog.ListTargets(computeHost: null).Take(Named + 1)
            .Select(row => $"'{row.Model.Name}' ({row.Model.Protocol.ToWord()})").ToArray();
        var there = others.Length == 0
            ? "none is configured yet"
            : $"configured are {string.Join(", ", others.Take(Named))}{(others.Length > Named ? " and more" : string.Empty)}";
        throw new ClusterException(
            ErrorCode.InvalidArgument,
            $"No target '{ObjectName.Printable(name)}' is configured on this cluster; {there}. AddTarget configures one: 'name', "
                + "that of its host, and 'protocol', block or nfs.");
    }

    /// <summary>Refuses a volume on a target that serves volumes of the other type.</summary>
    public static void CheckServes(TargetRow target, Volume volume)
    {
        var serves = target.Model.Protocol == TargetProtocol.Nfs ? VolumeType.File : VolumeType.Block;
        if (volume.Type != serves)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The volume '{volume.Name}' is of type {volume.Type}; the target '{target.Model.Name}' has the protocol "
                    + $"{target.Model.Protocol.ToWord()}, which serves volumes of type {serves}.");
        }
    }

    public IReadOnlyList<Target> List(string? computeHost) =>
        state.Catalog.Read(catalog => catalog.ListTargets(computeHost).Select(row => row.Model).ToArray());

    /// <summary>Configures a target, or finds the same one.</summary>
    /// <param name="name">The name of its host.</param>
    /// <param name="protocol">What it serves volumes by.</param>
    /// <param name="computeHosts">The hosts that it serves; <see langword="null"/> is none, or those that the target has.</param>
    public Task<Target> CreateAsync(string name, TargetProtocol protocol, IReadOnlyList<string>? computeHosts)
    {
        _ = HostName.Check("target", name);
        if (protocol == TargetProtocol.Block && name.Length > LongestBlockName)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The target name '{ObjectName.Printable(name)}' has {name.Length} characters; a block target has at most "
                    + $"{LongestBlockName}, so that its iSCSI names fit.");
        }

        var hosts = CheckHosts(computeHosts);
        return state.Catalog.WriteAsync(catalog =>
        {
            if (catalog.FindSimilarTarget(name)?.Model is { } existing)
            {
                CheckSame(existing, name, protocol, computeHosts is null ? null : hosts);
                return existing;
            }

            catalog.InsertTarget(new Target { Name = name, Protocol = protocol, ComputeHosts = hosts });
            return catalog.FindTarget(name)!.Model;
        });
    }

    /// <summary>Gives a target other hosts to serve; <see langword="null"/> leaves them.</summary>
    public Task<Target> UpdateAsync(string name, IReadOnlyList<string>? computeHosts)
    {
        var hosts = CheckHosts(computeHosts);
        return state.Catalog.WriteAsync(catalog =>
        {
            var row = catalog.FindTarget(name)
                ?? throw new ClusterException(ErrorCode.NotFound, $"The target '{ObjectName.Printable(name)}' couldn't be found");
            if (computeHosts is not null)
            {
                catalog.SetComputeHosts(row.Id, hosts);
            }

            return catalog.FindTarget(name)!.Model;
        });
    }

    /// <summary>Removes a target and the access rules for it. One that is gone succeeds.</summary>
    public Task DeleteAsync(string name) => state.Catalog.WriteAsync(catalog =>
    {
        if (catalog.FindTarget(name) is not { } row)
        {
            return;
        }

        var users = catalog.VolumesOfTarget(row.Id, Named + 1);
        if (users.Count > 0)
        {
            var names = string.Join(", ", users.Take(Named).Select(volume => $"'{volume}'"));
            throw new ClusterException(
                ErrorCode.Busy,
                $"The target '{name}' cannot be removed: it serves {names}{(users.Count > Named ? " and more" : string.Empty)}. "
                    + $"{(row.Model.Protocol == TargetProtocol.Nfs ? "Unmount" : "Unmap")} those volumes there first.");
        }

        catalog.RemoveTarget(row.Id);
    });

    private static string[] CheckHosts(IReadOnlyList<string>? hosts) =>
        (hosts ?? []).Select(host => ObjectName.Check("host", host)).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();

    private static void CheckSame(Target existing, string name, TargetProtocol protocol, string[]? hosts)
    {
        if (existing.Name != name)
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"A target '{existing.Name}' already exists, and '{name}' would be the same host. Use that one, or give another name.");
        }

        if (existing.Protocol != protocol)
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"A target '{name}' already exists and has the protocol {existing.Protocol.ToWord()}, not {protocol.ToWord()}. "
                    + "Give another name of that host, or remove that target first.");
        }

        if (hosts is not null && !existing.ComputeHosts.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(hosts))
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"A target '{name}' already exists and serves {Show(existing.ComputeHosts)}, not {Show(hosts)}. "
                    + "UpdateTarget changes that.");
        }
    }

    private static string Show(IReadOnlyCollection<string> hosts) => hosts.Count == 0
        ? "no host in particular"
        : string.Join(", ", hosts.Take(Named).Select(host => $"'{host}'")) + (hosts.Count > Named ? " and more" : string.Empty);
}
