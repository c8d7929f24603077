using System.Security.Cryptography;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>How the data of a volume lies in a Ceph cluster. Volumes of one placement share a pool.</summary>
/// <param name="Copies">How many copies, 1 to 6.</param>
/// <param name="Domain">What no two of them share. With named data centers: a host, within each of them.</param>
/// <param name="DeviceClass">The kind of disk, as Ceph names it, or <see langword="null"/> for any.</param>
/// <param name="DataCenters">
/// The data centers that have all copies, in their order: copies that do not go evenly go to the first ones. Empty for any place.
/// </param>
/// <param name="Compressed">Whether Ceph compresses the data.</param>
internal sealed record Placement(
    int Copies, FailureDomain Domain, string? DeviceClass, IReadOnlyList<string> DataCenters, bool Compressed)
{
    private const int HashDigits = 8;

    /// <summary>Gets the copies of each of the named data centers.</summary>
    public IReadOnlyList<int> Shares =>
        [.. DataCenters.Select((_, place) => (Copies / DataCenters.Count) + (place < Copies % DataCenters.Count ? 1 : 0))];

    /// <summary>Gets what a volume with this placement has. What Ceph never gives is told as not given; encryption is not told.</summary>
    public VolumeAttributes Attributes => new()
    {
        ReplicationFactor = Copies,
        ReplicationPolicy = DataCenters.Count > 0 ? ReplicationPolicy.DataCenterAware : Domain switch
        {
            FailureDomain.Host => ReplicationPolicy.Agnostic,
            FailureDomain.Rack => ReplicationPolicy.RackAware,
            _ => ReplicationPolicy.DataCenterAware,
        },
        DataCenters = DataCenters,
        Residence = DeviceClasses.ResidenceOf(DeviceClass),
        Compression = Compressed,
        CacheEnabled = false,
        Deduplication = false,
    };

    /// <summary>Places what is asked for.</summary>
    /// <param name="requested">
    /// What is asked for. Data centers that are named without <see cref="ReplicationPolicy.DataCenterAware"/> have no effect.
    /// </param>
    /// <param name="topology">What there is to place it on.</param>
    /// <exception cref="ClusterException">
    /// It cannot be placed: the message says what was asked for, what is there, and what would be right.
    /// </exception>
    public static Placement From(VolumeAttributes requested, CrushTopology topology)
    {
        var names = requested.ReplicationPolicy == ReplicationPolicy.DataCenterAware ? requested.DataCenters ?? [] : [];
        var deviceClass = DeviceClasses.Find(requested.Residence, topology);
        var domain = requested.ReplicationPolicy switch
        {
            ReplicationPolicy.RackAware => FailureDomain.Rack,
            ReplicationPolicy.DataCenterAware when names.Count == 0 => FailureDomain.DataCenter,
            _ => FailureDomain.Host,
        };
        var spread = new PlacementSpread(topology, domain, deviceClass, names);
        return new(
            spread.Check(requested.ReplicationFactor ?? spread.DefaultCopies), domain, deviceClass, names, requested.Compression == true);
    }

    /// <summary>Reads back what a pool with some copies and a rule gives.</summary>
    /// <returns>It, or <see langword="null"/> if the rule is not one that a placement has.</returns>
    public static Placement? Of(int copies, IReadOnlyList<CrushTake> takes, bool compressed, CrushTopology topology)
    {
        if (takes is [{ Copies: 0 } only] && only.Place == topology.Root)
        {
            return new(copies, only.Domain, only.DeviceClass, [], compressed);
        }

        if (takes.Count == 0)
        {
            return null;
        }

        var placement = new Placement(
            copies, FailureDomain.Host, takes[0].DeviceClass, [.. takes.Select(take => take.Place)], compressed);
        return placement.DataCenters.All(topology.HasDataCenter) && placement.Takes(topology.Root).SequenceEqual(takes) ? placement : null;
    }

    /// <summary>Gets what the placement's CRUSH rule does.</summary>
    /// <param name="root">The root that data lies under.</param>
    public IReadOnlyList<CrushTake> Takes(string root) => DataCenters switch
    {
        [] => [new CrushTake(root, DeviceClass, 0, Domain)],
        [var only] => [new CrushTake(only, DeviceClass, 0, FailureDomain.Host)],
        _ => [.. DataCenters.Zip(Shares, (name, share) => new CrushTake(name, DeviceClass, share, FailureDomain.Host))],
    };

    /// <summary>Gets the name of the placement's CRUSH rule. Pools that differ in what is not the rule's matter share it.</summary>
    public string RuleName(string prefix) =>
        string.Join('-', [prefix, .. DataCenters.Count > 1 ? [Digits(Copies)] : Array.Empty<string>(), .. Where()]);

    /// <summary>Gets the name of the placement's pool.</summary>
    /// <param name="prefix">What the names of all pools of this cluster begin with.</param>
    /// <param name="type">What is in the pool: images or files.</param>
    public string PoolName(string prefix, VolumeType type) => string.Join(
        '-',
        [
            prefix,
            .. type == VolumeType.File ? ["file"] : Array.Empty<string>(),
            Digits(Copies),
            .. Where(),
            .. Compressed ? ["lz4"] : Array.Empty<string>(),
        ]);

    public bool Equals(Placement? other) =>
        other is not null && (Copies, Domain, DeviceClass, Compressed) == (other.Copies, other.Domain, other.DeviceClass, other.Compressed)
        && DataCenters.SequenceEqual(other.DataCenters, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(Copies, Domain, DeviceClass, Compressed, string.Join(',', DataCenters));

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    private IEnumerable<string> Where()
    {
        yield return DataCenters.Count > 0 || Domain == FailureDomain.DataCenter ? "dc" : CrushWords.Of(Domain);
        if (DataCenters.Count > 0)
        {
            // Their names may be longer than the name of a pool.
            yield return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', DataCenters))))[..HashDigits];
        }

        if (DeviceClass is not null)
        {
            yield return DeviceClass;
        }
    }
}
