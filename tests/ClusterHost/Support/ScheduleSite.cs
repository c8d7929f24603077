using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines.Embedded;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.ClusterHost.Startup;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>
/// The parts of a cluster host that schedules need, on a real disk, with a clock that the test moves. A start ends what an earlier one had
/// begun.
/// </summary>
internal sealed class ScheduleSite : IAsyncDisposable
{
    private readonly DataDirectory _directory;
    private readonly CatalogDatabase _catalog;
    private readonly Removals _removals;
    private readonly ReservedIds _reservedIds;
    private readonly ServiceContext _state;
    private Recovery? _recovery;

    private ScheduleSite(DataDirectory directory, ManualTime time)
    {
        _directory = directory;
        Time = time;
        _catalog = CatalogDatabase.Open(directory.CatalogFile);
        Engine = new FaultyEngine(
            new EmbeddedEngine(directory.Path, new CopyLimits(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), _catalog.Cluster));
        _removals = new Removals(_catalog, Engine, Log) { RetryAfter = RemovalRetry };
        _reservedIds = new ReservedIds(_catalog, Engine);
        var capacity = new CapacityService(_catalog, Engine, _removals, 0, 0, time);
        var state = _state = new ServiceContext(_catalog, Engine, capacity, new NameLocks(TimeSpan.FromSeconds(60)), "boot", time);
        Audit = new AuditLog(_catalog, time);
        Volumes = new VolumeService(state, _reservedIds, _removals);
        Policies = new PolicyService(state);
        Snapshots = new SnapshotService(state, _removals);
        Scheduler = new SnapshotScheduler(state, Snapshots, Audit, Log);
    }

    /// <summary>Gets how long after a failure a removal is tried again.</summary>
    public static TimeSpan RemovalRetry { get; } = TimeSpan.FromMilliseconds(100);

    public ManualTime Time { get; }

    public FaultyEngine Engine { get; }

    public LogCollector Log { get; } = new();

    public AuditLog Audit { get; }

    public VolumeService Volumes { get; }

    public PolicyService Policies { get; }

    public SnapshotService Snapshots { get; }

    public CatalogDatabase Catalog => _catalog;

    public SnapshotScheduler Scheduler { get; }

    public string VolumeDirectory => Path.Combine(_directory.Path, "volumes");

    public string SnapshotDirectory => Path.Combine(_directory.Path, "snapshots");

    /// <summary>Starts the parts.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="configure">What is done to the engine before anything asks it.</param>
    /// <param name="startLimit">How long the start waits for what was begun; default: as long as the program.</param>
    public static async Task<ScheduleSite> StartAsync(
        string directory, ManualTime time, Action<FaultyEngine>? configure = null, TimeSpan? startLimit = null)
    {
        var site = new ScheduleSite(DataDirectory.Open(directory), time);
        configure?.Invoke(site.Engine);
        site._recovery = new Recovery(site._state, site._removals, site.Log) { StartLimit = startLimit ?? Recovery.DefaultStartLimit };
        await site._recovery.RunAsync();
        return site;
    }

    public Task RoundAsync() => Scheduler.RunRoundAsync(CancellationToken.None);

    public async Task RoundAfterAsync(TimeSpan time)
    {
        Time.Advance(time);
        await RoundAsync();
    }

    public Task<Policy> MakePolicyAsync(string name, SnapshotSchedule schedule) =>
        Policies.CreateAsync(new PolicySpecification { Name = name, SnapshotSchedule = schedule });

    public Task<Volume> MakeVolumeAsync(string name, string? policy) =>
        Volumes.CreateAsync(new VolumeSpecification { Name = name, Size = ByteSize.FromMegabytes(16), Policy = policy });

    public string ImageOf(Volume volume) => Engine.LocateAsync(volume.Id!).Result.Path;

    public Task TakeAsync(string volume, string name) => Snapshots.CreateAsync(volume, name, externalId: null, ObjectLabels.None);

    public Snapshot[] List(string volume) => Snapshots.List(new SnapshotQuery { Volume = volume }).Items.ToArray();

    public string[] Names(string volume) => List(volume).Select(snapshot => snapshot.Name).ToArray();

    public async ValueTask DisposeAsync()
    {
        await Scheduler.DisposeAsync();
        await (_recovery?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _reservedIds.DisposeAsync();
        await _removals.DisposeAsync();
        await Engine.DisposeAsync();
        _catalog.Dispose();
        _directory.Dispose();
    }
}
