using static HedvigStorage.ClusterHost.Engines.Ceph.PlacementText;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>How far copies can be spread over what a Ceph cluster has.</summary>
internal sealed class PlacementSpread
{
    /// <summary>How many copies whoever asks for none gets, if there is room for them.</summary>
    public const int UsualCopies = 3;

    private readonly CrushTopology _topology;
    private readonly FailureDomain _domain;
    private readonly string? _deviceClass;
    private readonly IReadOnlyList<string> _dataCenters;

    /// <summary>Takes what there is, and what copies are spread over.</summary>
    /// <exception cref="ClusterException">A data center is given twice or is not there.</exception>
    public PlacementSpread(CrushTopology topology, FailureDomain domain, string? deviceClass, IReadOnlyList<string> dataCenters)
    {
        (_topology, _domain, _deviceClass, _dataCenters) = (topology, domain, deviceClass, dataCenters);
        foreach (var name in dataCenters)
        {
            if (dataCenters.Count(other => other == name) > 1)
            {
                throw new ClusterException(ErrorCode.InvalidArgument, $"The data center '{name}' is given twice: name each one once.");
            }

            if (!topology.HasDataCenter(name))
            {
                var there = topology.Names(FailureDomain.DataCenter, deviceClass: null);
                throw new ClusterException(
                    ErrorCode.Refused,
                    $"There is no data center '{name}': this Ceph cluster has {CountOf(there.Count, "data center")}{List(there)}.");
            }
        }
    }

    /// <summary>Gets the copies that are made if no number is asked for: three, or as many as there is room for.</summary>
    public int DefaultCopies
    {
        get
        {
            var least = Math.Max(1, _dataCenters.Count);
            for (var copies = Math.Max(UsualCopies, least); copies > least; copies--)
            {
                if (Find(copies) is null)
                {
                    return copies;
                }
            }

            return least;
        }
    }

    private string Disks => _deviceClass is null ? string.Empty : $" with disks of the class {_deviceClass}";

    /// <summary>Refuses more copies than there are places.</summary>
    /// <returns>The copies.</returns>
    /// <exception cref="ClusterException">There are too few places.</exception>
    public int Check(int copies) => Find(copies) is { } refusal ? throw refusal : copies;

    private static string Has(IReadOnlyList<string> names) =>
        names.Count == 0 ? "none" : names.Count.ToString(CultureInfo.InvariantCulture) + List(names);

    private ClusterException? Find(int copies) => _dataCenters.Count > 0 ? FindInDataCenters(copies) : FindAnywhere(copies);

    private ClusterException? FindAnywhere(int copies)
    {
        var there = _topology.Names(_domain, _deviceClass);
        if (copies <= there.Count)
        {
            return null;
        }

        var noun = NameOf(_domain);
        var advice = there.Count switch
        {
            0 when _domain == FailureDomain.Host => "Add OSDs first.",
            0 => "Ask for another replication policy.",
            _ => $"Ask for {Copies(there.Count)}" + _domain switch
            {
                FailureDomain.Host => " or fewer.",
                FailureDomain.Rack => " or fewer, or for another replication policy.",
                _ => " or fewer, or name the data centers that the copies are spread over.",
            },
        };
        var need = copies == 1 ? "1 copy needs" : $"{Copies(copies)} {(_domain == FailureDomain.Host ? "on" : "in")} a {noun} each need";
        return new ClusterException(
            ErrorCode.Refused,
            $"{need} {CountOf(copies, noun)}{Disks}, and this Ceph cluster has {Has(there)}. {advice}");
    }

    private ClusterException? FindInDataCenters(int copies)
    {
        var named = string.Join(", ", _dataCenters);
        if (copies < _dataCenters.Count)
        {
            return new ClusterException(
                ErrorCode.InvalidArgument,
                $"{Copies(copies)} cannot be in {CountOf(_dataCenters.Count, "data center")} ({named}). "
                    + $"Ask for {Copies(_dataCenters.Count)} or more, or name fewer data centers.");
        }

        var shares = new Placement(copies, FailureDomain.Host, _deviceClass, _dataCenters, Compressed: false).Shares;
        foreach (var (name, share) in _dataCenters.Zip(shares))
        {
            var hosts = _topology.Names(FailureDomain.Host, _deviceClass, name);
            if (hosts.Count < share)
            {
                return new ClusterException(
                    ErrorCode.Refused,
                    $"{Copies(copies)} in {named} need {CountOf(share, "host")}{Disks} in the data center '{name}', which has "
                        + $"{Has(hosts)}. "
                        + "Ask for fewer copies, or name it later in the list: the first ones get the copies that do not go evenly.");
            }
        }

        return null;
    }
}
