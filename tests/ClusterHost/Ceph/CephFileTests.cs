using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Volumes of type File when Ceph, or this host, is interrupted.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephFileTests(CephFixture ceph) : IAsyncLifetime
{
    private const long Size = 1L << 20;
    private const string Delay = "mgr/volumes/snapshot_clone_delay";

    private readonly string _prefix = $"f{Guid.NewGuid():N}"[..10];
    private readonly string _id = Guid.NewGuid().ToString("D");
    private readonly string _clone = Guid.NewGuid().ToString("D");
    private CephEngine _engine = null!;

    private string Group => Assert.Single(
        ceph.ReadCeph("osd", "pool", "ls").EnumerateArray().Select(pool => pool.GetString()!),
        pool => pool.StartsWith(_prefix + "-file-", StringComparison.Ordinal));

    public Task InitializeAsync()
    {
        _engine = Open();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [SkippableFact]
    public async Task After_a_restart_volumes_are_where_they_were_and_none_was_asked_for_alone()
    {
        await CreateAsync(_id);
        var place = await _engine.LocateAsync(_id);
        await _engine.DisposeAsync();

        var calls = new CountingCalls();
        _engine = Open(calls);

        Assert.Null(_engine.FindDamage(_id, Size));
        Assert.Equal(1, calls.ManagerCalls);
        Assert.Null(await _engine.FindDamageAsync(_id, Size, seal: null));
        Assert.Equal(place, await _engine.LocateAsync(_id));
        var inventory = await _engine.TakeInventoryAsync([_id], []);
        Assert.Empty(inventory.Missing);
        Assert.Empty(inventory.Unknown);
    }

    [SkippableFact]
    public async Task A_clone_that_somebody_cancels_in_Ceph_fails_and_leaves_nothing()
    {
        await CreateAsync(_id);
        await DelayClonesAsync(10, async () =>
        {
            var cloning = _engine.CloneAsync(_id, null, New(_clone));
            await Eventually.TrueAsync(() => HasBegun(_clone), "the clone has begun", seconds: 60);
            _ = ceph.RunCeph("fs", "clone", "cancel", "cephfs", Name(_clone), "--group_name", Group);

            var error = await Assert.ThrowsAsync<ClusterException>(() => cloning);
            Assert.Contains("somebody has cancelled it", error.Message, StringComparison.Ordinal);
        });
        await _engine.ReleaseVolumeAsync(_id);
        await _engine.DeleteVolumeAsync(_clone);

        Assert.Equal([Name(_id)], List());
        Assert.Empty(ListSnapshots(_id));
    }

    [SkippableFact]
    public async Task A_clone_that_an_earlier_process_had_begun_is_taken_back_with_its_snapshot()
    {
        await CreateAsync(_id);
        await DelayClonesAsync(10, async () =>
        {
            var cloning = _engine.CloneAsync(_id, null, New(_clone));
            await Eventually.TrueAsync(() => HasBegun(_clone), "the clone has begun", seconds: 60);
            await _engine.DisposeAsync();
            await Assert.ThrowsAsync<ClusterException>(() => cloning);

            _engine = Open();
            await _engine.ReleaseVolumeAsync(_id);
            await _engine.DeleteVolumeAsync(_clone);
        });

        Assert.Equal([Name(_id)], List());
        Assert.Empty(ListSnapshots(_id));
        Assert.NotNull(_engine.FindDamage(_clone, Size));
        await _engine.DeleteVolumeAsync(_id);
        Assert.Empty(List());
    }

    [SkippableFact]
    public async Task A_snapshot_that_somebody_has_made_by_hand_stays_when_its_volume_is_removed()
    {
        await CreateAsync(_id);
        _ = ceph.RunCeph("fs", "subvolume", "snapshot", "create", "cephfs", Name(_id), "by-hand", "--group_name", Group);

        await _engine.DeleteVolumeAsync(_id);

        Assert.Equal(["by-hand"], ListSnapshots(_id));
        var inventory = await _engine.TakeInventoryAsync([], []);
        Assert.Contains(_id, Assert.Single(inventory.Unknown), StringComparison.Ordinal);
        await _engine.DeleteVolumeAsync(_id);
    }

    [SkippableTheory]
    [InlineData("mgr.a")]
    [InlineData("mds.a")]
    public async Task While_a_daemon_is_away_that_files_need_they_fail_within_the_limit_images_go_on_and_both_work_again(string daemon)
    {
        await CreateAsync(_id);
        await CreateAsync(Guid.NewGuid().ToString("D"), VolumeType.Block);
        ceph.Kill(daemon);
        try
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => CreateAsync(_clone));
            Assert.Equal(ErrorCode.Unreachable, error.Code);
            await CreateAsync(Guid.NewGuid().ToString("D"), VolumeType.Block);
        }
        finally
        {
            ceph.Start(daemon);
        }

        await Eventually.TrueAsync(
            async () => (await _engine.CreateVolumesAsync([New(_clone)])).Count == 0, "files can be made again", seconds: 120);
        Assert.Null(await _engine.FindDamageAsync(_clone, Size, seal: null));
    }

    private CephEngine Open(CephCalls? calls = null) => CephSite.OpenEngine(
        new CephOptions
        {
            ConfigFile = ceph.ConfigFile,
            User = ceph.User,
            Prefix = _prefix,
            OperationLimit = TimeSpan.FromSeconds(5),
            HealthInterval = TimeSpan.FromMilliseconds(200),
        },
        cluster: _prefix,
        calls);

    private static NewVolume New(string id, VolumeType type = VolumeType.File) => new(id, Size, type, VolumeAttributes.None);

    private string Name(string id) => $"{_prefix}-{id}";

    private async Task CreateAsync(string id, VolumeType type = VolumeType.File)
    {
        foreach (var error in (await _engine.CreateVolumesAsync([New(id, type)])).Values)
        {
            throw error;
        }
    }

    // The manager goes on with what it was told last when a value is taken away, so that it is set back.
    private async Task DelayClonesAsync(int seconds, Func<Task> work)
    {
        await SetDelayAsync(seconds);
        try
        {
            await work();
        }
        finally
        {
            await SetDelayAsync(0);
        }
    }

    private async Task SetDelayAsync(int seconds)
    {
        var value = seconds.ToString(CultureInfo.InvariantCulture);
        _ = ceph.RunCeph("config", "set", "mgr", Delay, value);
        await Eventually.TrueAsync(() => ceph.RunCeph("config", "get", "mgr", Delay).Trim() == value, "it is set");
    }

    private bool HasBegun(string id) => List().Contains(Name(id));

    private List<string> List() => Names("fs", "subvolume", "ls", "cephfs", Group);

    private List<string> ListSnapshots(string id) => Names("fs", "subvolume", "snapshot", "ls", "cephfs", Name(id), Group);

    private List<string> Names(params string[] command) =>
        [.. ceph.ReadCeph(command).EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];

    private sealed class CountingCalls : CephCalls
    {
        private int _manager;

        public int ManagerCalls => _manager;

        public override int Try(string name, Func<int> call)
        {
            if (name.StartsWith("rados_mgr_command", StringComparison.Ordinal))
            {
                _ = Interlocked.Increment(ref _manager);
            }

            return base.Try(name, call);
        }
    }
}
