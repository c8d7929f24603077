using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>What a Ceph cluster has to put copies on, and the rules by which it does: <c>osd crush dump</c>.</summary>
internal sealed class CrushTopology
{
    private const string DefaultRoot = "default";

    private readonly Dictionary<string, IReadOnlyList<CrushTake>?> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _ruleNames = [];
    private readonly HashSet<string> _dataCenters;

    private CrushTopology(string root, IReadOnlyList<CrushDevice> devices, HashSet<string> dataCenters)
    {
        Root = root;
        Devices = devices;
        _dataCenters = dataCenters;
    }

    /// <summary>Gets the name of the root that data lies under.</summary>
    public string Root { get; }

    /// <summary>Gets the OSDs below the root that have a weight. Whether they run at the moment does not matter.</summary>
    public IReadOnlyList<CrushDevice> Devices { get; }

    /// <summary>Reads the answer to <c>osd crush dump</c>.</summary>
    /// <exception cref="ClusterException">There are no roots, or several.</exception>
    public static CrushTopology Read(JsonElement dump)
    {
        // The trees that CRUSH keeps for each kind of disk have a ~ in their names.
        var buckets = dump.GetProperty("buckets").EnumerateArray().Select(Bucket.Read)
            .Where(bucket => !bucket.Name.Contains('~', StringComparison.Ordinal)).ToDictionary(bucket => bucket.Id);
        var classes = dump.GetProperty("devices").EnumerateArray().ToDictionary(
            device => device.GetProperty("id").GetInt32(),
            device => device.TryGetProperty("class", out var word) ? word.GetString() : null);
        var root = FindRoot(buckets);

        var devices = new List<CrushDevice>();
        var centers = new HashSet<string>(StringComparer.Ordinal);
        Walk(root, new CrushDevice(0, null, null, null, null));
        var topology = new CrushTopology(root.Name, [.. devices.OrderBy(device => device.Id)], centers);
        foreach (var rule in dump.GetProperty("rules").EnumerateArray())
        {
            var name = rule.GetProperty("rule_name").GetString()!;
            topology._ruleNames[rule.GetProperty("rule_id").GetInt32()] = name;
            topology._rules[name] = ReadTakes(rule);
        }

        return topology;

        void Walk(Bucket bucket, CrushDevice place)
        {
            place = bucket.Type switch
            {
                CrushWords.Host => place with { Host = bucket.Name },
                CrushWords.Rack => place with { Rack = bucket.Name },
                CrushWords.DataCenter => place with { DataCenter = bucket.Name },
                _ => place,
            };
            if (bucket.Type == CrushWords.DataCenter)
            {
                _ = centers.Add(bucket.Name);
            }

            foreach (var (id, weight) in bucket.Items)
            {
                if (buckets.TryGetValue(id, out var below))
                {
                    Walk(below, place);
                }
                else if (id >= 0 && weight > 0)
                {
                    devices.Add(place with { Id = id, DeviceClass = classes.GetValueOrDefault(id) });
                }
            }
        }
    }

    /// <summary>Gets the names of the hosts, racks or data centers that have OSDs of a kind, in order.</summary>
    /// <param name="domain">Which.</param>
    /// <param name="deviceClass">The kind of disk, or <see langword="null"/> for any.</param>
    /// <param name="dataCenter">The data center to look in, or <see langword="null"/> for all.</param>
    public IReadOnlyList<string> Names(FailureDomain domain, string? deviceClass, string? dataCenter = null) =>
    [
        .. Devices.Where(device => deviceClass is null || device.DeviceClass == deviceClass)
            .Where(device => dataCenter is null || device.DataCenter == dataCenter)
            .Select(device => device.In(domain)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Gets whether there is a data center of that name, with or without OSDs.</summary>
    public bool HasDataCenter(string name) => _dataCenters.Contains(name);

    /// <summary>Gets whether there is a rule of that name.</summary>
    public bool HasRule(string name) => _rules.ContainsKey(name);

    /// <summary>Gets what a rule does, or <see langword="null"/> if it does anything else than what this host's rules do.</summary>
    public IReadOnlyList<CrushTake>? FindRule(string name) => _rules.GetValueOrDefault(name);

    /// <summary>Gets the name of a rule, or <see langword="null"/> if the map does not have it.</summary>
    public string? NameOfRule(int id) => _ruleNames.GetValueOrDefault(id);

    private static Bucket FindRoot(Dictionary<int, Bucket> buckets)
    {
        var below = buckets.Values.SelectMany(bucket => bucket.Items.Select(item => item.Id)).ToHashSet();
        Bucket[] roots = [.. buckets.Values.Where(bucket => !below.Contains(bucket.Id) && bucket.Type == CrushWords.Root)];
        return Array.Find(roots, root => root.Name == DefaultRoot) ?? (roots.Length == 1 ? roots[0] : throw new ClusterException(
            ErrorCode.Refused,
            $"This Ceph cluster has {PlacementText.CountOf(roots.Length, "CRUSH root")} and none of them is named '{DefaultRoot}'"
                + $"{PlacementText.List([.. roots.Select(root => root.Name)])}. Give the one with the OSDs that name."));
    }

    // The shape of all rules that this host makes: take, chooseleaf firstn, emit; once or several times.
    private static List<CrushTake>? ReadTakes(JsonElement rule)
    {
        JsonElement[] steps = [.. rule.GetProperty("steps").EnumerateArray()];
        var takes = new List<CrushTake>();
        for (var first = 0; first < steps.Length; first += 3)
        {
            if (first + 2 >= steps.Length || !Is(first, "take") || !Is(first + 1, "chooseleaf_firstn") || !Is(first + 2, "emit")
                || CrushWords.Parse(steps[first + 1].GetProperty("type").GetString()) is not { } domain)
            {
                return null;
            }

            var item = steps[first].GetProperty("item_name").GetString()!.Split('~');
            takes.Add(new CrushTake(item[0], item.ElementAtOrDefault(1), steps[first + 1].GetProperty("num").GetInt32(), domain));
        }

        return takes;

        bool Is(int step, string word) => steps[step].GetProperty("op").GetString() == word;
    }

    private sealed record Bucket(int Id, string Name, string? Type, IReadOnlyList<(int Id, long Weight)> Items)
    {
        public static Bucket Read(JsonElement bucket) => new(
            bucket.GetProperty("id").GetInt32(),
            bucket.TryGetProperty("name", out var name) ? name.GetString() ?? string.Empty : string.Empty,
            bucket.TryGetProperty("type_name", out var type) ? type.GetString() : null,
            [
                .. bucket.GetProperty("items").EnumerateArray()
                    .Select(item => (item.GetProperty("id").GetInt32(), item.GetProperty("weight").GetInt64())),
            ]);
    }
}
