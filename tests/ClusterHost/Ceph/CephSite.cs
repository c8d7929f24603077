using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A cluster host in this process over a Ceph cluster, with pools of its own, and what a client of Ceph sees of them.</summary>
internal sealed class CephSite : IHostSite
{
    private readonly CephFixture _ceph;
    private readonly CephOptions _options;
    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<CephSubvolumes> _subvolumes;

    private CephSite(CephFixture ceph, Func<CephOptions, CephOptions>? limit)
    {
        _ceph = ceph;
        var options = Options(ceph, NewPrefix());
        _options = limit?.Invoke(options) ?? options;
        Images = new CephImages(_options);
        _subvolumes = new Lazy<CephSubvolumes>(() => new CephSubvolumes(_options));
    }

    public InProcessHost Host { get; private set; } = null!;

    public RestClient Client => Host.Client;

    public CephImages Images { get; }

    public CephSubvolumes Subvolumes => _subvolumes.Value;

    /// <summary>Gets what the hosts have logged.</summary>
    public StringWriter Log { get; } = new();

    public string Prefix => _options.Prefix;

    /// <summary>Gets the calls of the host that runs now.</summary>
    public FaultyCalls Calls { get; private set; } = null!;

    public static string NewPrefix() => $"t{Guid.NewGuid():N}"[..10];

    public static CephOptions Options(CephFixture ceph, string prefix) => new()
    {
        ConfigFile = ceph.ConfigFile,
        User = ceph.User,
        Prefix = prefix,
        HealthInterval = TimeSpan.FromMilliseconds(500),
    };

    public static CephEngine OpenEngine(
        CephOptions options, string cluster, CephCalls? calls = null, Action<RadosCluster>? connected = null) => CephEngine.Open(
        options,
        client =>
        {
            connected?.Invoke(client);
            var pools = new CephPools(client, options.Prefix, cluster);
            pools.Refresh();
            return pools;
        },
        calls);

    public static async Task<CephSite> StartAsync(
        CephFixture ceph, Func<HostOptions, HostOptions>? configure = null, Func<CephOptions, CephOptions>? limit = null)
    {
        var site = new CephSite(ceph, limit);
        await site.StartHostAsync(configure);
        return site;
    }

    /// <summary>Ends the host and starts another on what it has left.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        await StartHostAsync(configure: null);
    }

    /// <summary>Gets the engine of the host that runs now.</summary>
    public CephEngine Engine { get; private set; } = null!;

    /// <summary>Gets the address that Ceph knows the host by that runs now.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Makes a volume of 16 MB.</summary>
    public Task<TimedAnswer> CreateAsync(string name, string type = "BLOCK", int? copies = null, string? residence = null)
    {
        var parameters = new JsonObject { ["name"] = name, ["size"] = "16MB", ["diskType"] = type };
        if (copies is not null)
        {
            parameters["replicationFactor"] = copies;
        }

        if (residence is not null)
        {
            parameters["residence"] = residence;
        }

        return AskAsync("AddVirtualDisk", parameters);
    }

    public Task<TimedAnswer> SnapshotAsync(string volume, string name) => AskAsync(
        "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray(volume), ["snapshotName"] = name });

    public Task<TimedAnswer> CloneAsync(string volume, string clone) => AskAsync(
        "CloneVdisk", new JsonObject { ["srcVolName"] = volume, ["cloneVolName"] = clone });

    public Task<TimedAnswer> GrowAsync(string volume, string size = "32MB") => AskAsync(
        "ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray(volume), ["size"] = size });

    public Task<TimedAnswer> RemoveAsync(string volume) => AskAsync(
        "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray(volume) });

    public Task<TimedAnswer> AttachAsync(string volume) => TimedAnswer.OfAsync(() => Client.AttachAsync(volume));

    /// <summary>Waits until the cluster's health tells something.</summary>
    public async Task TellsAsync(string problem)
    {
        var problems = string.Empty;
        await Eventually.TrueAsync(
            async () =>
            {
                problems = string.Join(' ', (await Client.OkAsync("Health"))!["problems"]!.AsArray());
                return problems.Contains(problem, StringComparison.Ordinal);
            },
            () => $"health tells '{problem}': {problems}",
            seconds: 60);
    }

    /// <summary>Waits until the catalog and Ceph know the same.</summary>
    public async Task AgreeAsync()
    {
        var (catalog, stored) = (Array.Empty<string>(), Array.Empty<string>());
        await Eventually.TrueAsync(
            async () =>
            {
                (catalog, stored) = await DescribeAsync();
                return catalog.SequenceEqual(stored);
            },
            () => $"the catalog has {string.Join(", ", catalog)} and Ceph {string.Join(", ", stored)}",
            seconds: 60);
    }

    /// <summary>Gets where a volume lies, as <c>pool/image</c>.</summary>
    public async Task<string> PlaceOfAsync(string volume) =>
        (await Engine.LocateAsync((await Host.Connect().FindVolumeAsync(volume, CancellationToken.None))!.Id!)).Path;

    /// <summary>
    /// Tells what there is: each volume with its size, its first byte and how many snapshots it has, once as the catalog and once as Ceph
    /// tells it, and whatever else is in the pools.
    /// </summary>
    public async Task<(string[] Catalog, string[] Ceph)> DescribeAsync()
    {
        var volumes = (await Host.Connect().ListVolumesAsync(new VolumeQuery { PageSize = 1000 }, CancellationToken.None)).Items;
        var known = volumes.ToDictionary(volume => $"{Prefix}-{volume.Id}", volume => volume.Name, StringComparer.Ordinal);
        return (
            [.. volumes.Select(volume => Show(volume.Name, volume.Size, volume.SnapshotCount)).Order(StringComparer.Ordinal)],
            [.. ListPools().SelectMany(pool => Describe(pool, known)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Lists the pools of this site.</summary>
    public string[] ListPools() =>
        [.. _ceph.ReadCeph("osd", "pool", "ls").EnumerateArray().Select(pool => pool.GetString()!).Where(IsOwn)];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();

        // Ceph gives away no pool of a file system.
        foreach (var pool in ListPools().Where(pool => !IsOfFiles(pool)))
        {
            _ceph.RemovePool(pool);
        }

        Images.Dispose();
        if (_subvolumes.IsValueCreated)
        {
            Subvolumes.Dispose();
        }

        _directory.Dispose();
    }

    private Task<TimedAnswer> AskAsync(string type, JsonObject parameters) =>
        TimedAnswer.OfAsync(() => Client.CallAsync(type, parameters));

    private IEnumerable<string> Describe(string pool, Dictionary<string, string> known) =>
        IsOfFiles(pool) ? DescribeFiles(pool, known) : DescribeImages(pool, known);

    private IEnumerable<string> DescribeFiles(string pool, Dictionary<string, string> known) => Subvolumes.List(pool).Select(
        file => known.TryGetValue(file.Name, out var name) ? Show(name, file.Size, file.Snapshots) : file.Name);

    private IEnumerable<string> DescribeImages(string pool, Dictionary<string, string> known)
    {
        var stored = Images.List([pool]).ToArray();
        return stored.Where(entry => !entry.Contains('@', StringComparison.Ordinal)).Select(
            image => known.TryGetValue(image, out var name)
                ? Show(
                    name,
                    Images.FindSize(pool, image) ?? 0,
                    stored.Count(entry => entry.StartsWith(image + "@", StringComparison.Ordinal)))
                : image);
    }

    private static string Show(string name, long size, int snapshots) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} {size >> 20} MB {snapshots}");

    private static bool IsOfFiles(string pool) => pool.Contains("-file-", StringComparison.Ordinal);

    private bool IsOwn(string pool) => pool.StartsWith(Prefix, StringComparison.Ordinal);

    private async Task StartHostAsync(Func<HostOptions, HostOptions>? configure)
    {
        Calls = new FaultyCalls();
        Host = await InProcessHost.StartAsync(_directory["data"], options =>
        {
            options = options with
            {
                OpenEngine = site => new WatchedEngine(Engine = OpenEngine(
                    _options, site.Cluster, Calls, client => Address = client.GetAddress())),
                Log = TextWriter.Synchronized(Log),
                RemovalRetry = TimeSpan.FromMilliseconds(200),
                UpkeepInterval = TimeSpan.FromMilliseconds(100),
            };
            return configure?.Invoke(options) ?? options;
        });
    }
}
