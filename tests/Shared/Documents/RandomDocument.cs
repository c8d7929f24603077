using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

/// <summary>
/// Documents at random over few names, so that they meet each other's objects in every way. What no document can ask for is not among them:
/// sizes only grow from one round to the next, and a policy is absent only where every volume names another.
/// </summary>
/// <param name="seed">What all choices follow from.</param>
internal sealed class RandomDocument(int seed)
{
    private const int Targets = 2;

    // XFS takes no less than 300 MB.
    private const int LeastMegabytes = 304;

    private static readonly string[] Volumes = ["v0", "v1", "v2", "v3", "v4", "v5"];
    private static readonly string[] Policies = ["p0", "p1", "p2"];
    private static readonly (AccessRuleType Type, string Address)[] Addresses =
    [
        (AccessRuleType.Ip, "10.0.0.7"), (AccessRuleType.Ip, "10.1.0.0/16"), (
            AccessRuleType.Iqn, "iqn.1993-08.org.debian:01:web1"), (AccessRuleType.Host, "web1.example.com"),
    ];

    private readonly Random _random = new(seed);
    private int _round;

    /// <summary>Makes the next document of one name.</summary>
    /// <param name="name">The name, or <see langword="null"/>.</param>
    /// <param name="access">Whether it tells who may use volumes, through the targets <c>t0</c> and <c>t1</c>.</param>
    public Configuration Next(string? name, bool access = true)
    {
        _round++;
        var policies = Policies.Where(_ => Chance(2)).Select(NextPolicy).ToList();
        var present = policies.Where(policy => policy.Ensure == Ensure.Present).Select(policy => policy.Name).ToArray();
        if (present.Length == 0)
        {
            policies.Clear();
            policies.Add(new ConfiguredPolicy { Name = Policies[0] });
            present = [Policies[0]];
        }

        var volumes = new List<ConfiguredVolume>();
        var snapshots = new List<ConfiguredSnapshot>();
        foreach (var volume in Volumes.Where(_ => Chance(2)))
        {
            volumes.Add(NextVolume(volume, present, volumes, snapshots));
            if (volumes[^1].Ensure == Ensure.Present)
            {
                snapshots.AddRange(
                    Enumerable.Range(0, 2).Where(_ => Chance(3))
                        .Select(
                            number =>
                                new ConfiguredSnapshot
                                {
                                    Volume = volume,
                                    Name = $"s{number}",
                                    Ensure = Chance(6) ? Ensure.Absent : Ensure.Present,
                                }));
            }
        }

        return new Configuration
        {
            Source = $"seed {seed}, document {_round}",
            Name = name,
            Policies = Shuffle(policies),
            Volumes = Shuffle(volumes),
            Snapshots = Shuffle(snapshots),
            Access = access ? Shuffle(NextAccess(volumes)) : [],
        };
    }

    private ConfiguredPolicy NextPolicy(string name) =>
        Chance(4) ? new ConfiguredPolicy { Name = name, Ensure = Ensure.Absent } : new ConfiguredPolicy
    {
        Name = name,
        Description = Maybe("one", "two"),
        Attributes = NextAttributes(),
        SnapshotSchedule = Chance(3) ? new SnapshotSchedule { Hourly = _random.Next(3), Daily = _random.Next(3) } : null,
    };

    private ConfiguredVolume NextVolume(string name, string[] policies, List<ConfiguredVolume> before, List<ConfiguredSnapshot> snapshots)
    {
        if (Chance(5))
        {
            return new ConfiguredVolume { Name = name, Ensure = Ensure.Absent };
        }

        var volume = new ConfiguredVolume
        {
            Name = name,
            Size = ByteSize.FromMegabytes(LeastMegabytes + (_round * 4) + _random.Next(4)),
            Policy = policies[_random.Next(policies.Length)],
            Attributes = NextAttributes(),
            Takeover = Chance(3) ? (TakeoverPolicy)_random.Next(2) : null,
            Description = Maybe("one", "two"),
        };
        var sources = before.Where(source => source.Ensure == Ensure.Present && source.Type != VolumeType.File).ToArray();
        if (sources.Length == 0 || !Chance(4))
        {
            return volume with
            {
                Type = Chance(3) ? VolumeType.File : VolumeType.Block,
                FileSystem = Chance(3) ? (VolumeFileSystem)_random.Next(2) : null,
                Uid = Chance(5) ? _random.Next(2) : null,
                Mode = Chance(5) ? 0x1C0 : null,
            };
        }

        var source = sources[_random.Next(sources.Length)].Name;
        var image = snapshots.Find(snapshot => snapshot.Volume == source && snapshot.Ensure == Ensure.Present);
        return volume with
        {
            SourceVolume = source,
            SourceSnapshot = Chance(2) ? image?.Name : null,
            Type = VolumeType.Block,
            Size = ByteSize.FromMegabytes(LeastMegabytes + 4 + (_round * 4)),
        };
    }

    private List<ConfiguredAccess> NextAccess(List<ConfiguredVolume> volumes) =>
    [
        .. from volume in volumes
           where volume.Ensure == Ensure.Present
           from target in Enumerable.Range(0, Targets)
           from address in Addresses
           where Chance(6) && (volume.Type != VolumeType.File || address.Type != AccessRuleType.Iqn)
           select new ConfiguredAccess
           {
               Volume = volume.Name,
               Target = (volume.Type == VolumeType.File ? "n" : "t") + target.ToString(CultureInfo.InvariantCulture),
               Type = address.Type,
               Address = address.Address,
               Ensure = Chance(5) ? Ensure.Absent : Ensure.Present,
           },
    ];

    private VolumeAttributes NextAttributes() => new()
    {
        ReplicationFactor = Chance(2) ? _random.Next(1, 4) : null,
        Residence = Chance(3) ? (Residence)_random.Next(2) : null,
        CacheEnabled = Chance(3) ? Chance(2) : null,
        Compression = Chance(3) ? Chance(2) : null,
    };

    private string? Maybe(params string[] words) => Chance(3) ? words[_random.Next(words.Length)] : null;

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private List<T> Shuffle<T>(List<T> items) => [.. items.OrderBy(_ => _random.Next())];
}
