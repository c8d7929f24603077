using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A cluster host in this process over a Ceph cluster, with pools of its own, and what a client of Ceph sees of them.</summary>
internal sealed class CephSite : IHostSite
{
    private readonly CephFixture _ceph;
    private readonly CephOptions _options;
    private readonly TemporaryDirectory _directory = new();

    private CephSite(CephFixture ceph)
    {
        _ceph = ceph;
        _options = Options(ceph, NewPrefix());
        Images = new CephImages(_options);
    }

    public InProcessHost Host { get; private set; } = null!;

    public RestClient Client => Host.Client;

    public CephImages Images { get; }

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

    public static CephEngine OpenEngine(CephOptions options, string cluster, CephCalls? calls = null) => CephEngine.Open(
        options,
        client =>
        {
            var pools = new CephPools(client, options.Prefix, cluster);
            pools.Refresh();
            return pools;
        },
        calls);

    public static async Task<CephSite> StartAsync(CephFixture ceph, Func<HostOptions, HostOptions>? configure = null)
    {
        var site = new CephSite(ceph);
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

        // Ceph takes no pool of files from a file system.
        foreach (var pool in ListPools().Where(pool => !pool.StartsWith(Prefix + "-file-", StringComparison.Ordinal)))
        {
            _ceph.Client.Run("osd pool rm", ("pool", pool), ("pool2", pool), ("yes_i_really_really_mean_it", true));
        }

        Images.Dispose();
        _directory.Dispose();
    }

    private IEnumerable<string> Describe(string pool, Dictionary<string, string> known)
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

    private bool IsOwn(string pool) => pool.StartsWith(Prefix, StringComparison.Ordinal);

    private async Task StartHostAsync(Func<HostOptions, HostOptions>? configure)
    {
        Calls = new FaultyCalls();
        Host = await InProcessHost.StartAsync(_directory["data"], options =>
        {
            options = options with
            {
                OpenEngine = site => new WatchedEngine(Engine = OpenEngine(_options, site.Cluster, Calls)),
                Log = TextWriter.Synchronized(Log),
                RemovalRetry = TimeSpan.FromMilliseconds(200),
                UpkeepInterval = TimeSpan.FromMilliseconds(100),
            };
            return configure?.Invoke(options) ?? options;
        });
    }
}
