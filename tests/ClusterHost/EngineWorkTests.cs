using HedvigStorage.ClusterHost.Engines;
namespace HedvigStorage.ClusterHost.Tests;

/// <summary>What is asked of an engine is asked outside of the catalog's transactions, and may take as long as a network does.</summary>
public sealed class EngineWorkTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScheduleSite _site = null!;

    public async Task InitializeAsync() => _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());

    public async Task DisposeAsync()
    {
        _ = _gate.TrySetResult();
        await _site.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_type_that_cannot_be_reverted_is_refused_with_the_reason_before_the_volume_is_marked()
    {
        await using var host = await InProcessHost.StartAsync(
            configure: options => options with { OpenEngine = site => new OneWayEngine(options.OpenEngine(site)) });
        using var cluster = host.Connect();
        foreach (var type in new[] { VolumeType.File, VolumeType.Block })
        {
            var name = type.ToString();
            _ = await cluster.CreateVolumeAsync(
                new VolumeSpecification { Name = name, Size = ByteSize.FromGigabytes(1), Type = type }, default);
            _ = await cluster.CreateSnapshotAsync(name, "s", new Dictionary<string, string>(), default);
        }

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.RevertVolumeAsync("File", "s", default));
        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains("Clone the snapshot instead.", error.Message, StringComparison.Ordinal);
        _ = await cluster.CreateSnapshotAsync("File", "another", new Dictionary<string, string>(), default);
        _ = await cluster.RevertVolumeAsync("Block", "s", default);
    }

    [Fact]
    public async Task The_engine_of_these_tests_refuses_to_be_called_within_a_transaction()
    {
        var volume = await _site.MakeVolumeAsync("v", policy: null);
        foreach (var call in new Action[]
        {
            () => _site.Engine.CreateVolumesAsync([new NewVolume(volume.Id!, 1L << 24, VolumeType.Block, VolumeAttributes.None)]).GetAwaiter().GetResult(),
            () => _site.Engine.DeleteVolumeAsync(volume.Id!).GetAwaiter().GetResult(),
            () => _site.Engine.GetAllocated(volume.Id!),
            () => _site.Engine.FindDamageAsync(volume.Id!, 1, seal: null).GetAwaiter().GetResult(),
        })
        {
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _site.Catalog.WriteAsync(_ => call()));
            Assert.Contains("within a transaction", refusal.Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(_site.ImageOf(volume)));
    }

    [Fact]
    public async Task A_create_is_one_commit_and_a_thousand_are_hardly_more()
    {
        _ = await _site.MakeVolumeAsync("first", policy: null);
        var before = _site.Catalog.Commits;
        _ = await _site.MakeVolumeAsync("second", policy: null);
        Assert.Equal(1, _site.Catalog.Commits - before);

        before = _site.Catalog.Commits;
        var made = await _site.Volumes.CreateAsync([.. Enumerable.Range(0, 1000).Select(Blank)]);
        Assert.All(made, outcome => Assert.Null(outcome.Error));

        // The reserve once, the rows once, and the next portion of the reserve.
        Assert.InRange(_site.Catalog.Commits - before, 1, 3);
    }

    [Fact]
    public async Task A_create_that_the_storage_takes_long_for_holds_up_its_own_name_alone()
    {
        await GateAsync("CreateVolumesAsync");
        var slow = _site.MakeVolumeAsync("slow", policy: null);
        var same = _site.MakeVolumeAsync("slow", policy: null);
        _site.Engine.Before = static _ => Task.CompletedTask;

        _ = await _site.MakeVolumeAsync("other", policy: null).WaitAsync(Limit);
        await _site.Volumes.DeleteAsync("other").WaitAsync(Limit);
        Assert.False(slow.IsCompleted || same.IsCompleted);
        Assert.Empty(_site.Volumes.List(new VolumeQuery()).Items);

        _gate.SetResult();
        Assert.Equal((await slow).Id, (await same).Id);
    }

    [Fact]
    public async Task A_create_that_fails_in_the_storage_leaves_nothing_and_its_id_is_never_used_again()
    {
        _site.Engine.FailsToCreate = static _ => true;
        string[] failed = [];
        _site.Engine.After = call =>
        {
            failed = call == "CreateVolumesAsync" ? SizedFiles() : failed;
            return Task.CompletedTask;
        };
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.MakeVolumeAsync("v", policy: null));
        Assert.Equal("The storage did not answer in time.", error.Message);
        Assert.False(File.Exists(Assert.Single(failed)));
        Assert.Empty(_site.Volumes.List(new VolumeQuery()).Items);

        _site.Engine.FailsToCreate = static _ => false;
        _site.Engine.After = static _ => Task.CompletedTask;
        var made = await _site.MakeVolumeAsync("v", policy: null);
        Assert.DoesNotContain(_site.ImageOf(made), failed);
    }

    [Fact]
    public async Task What_shows_up_of_a_failed_create_after_all_is_removed_by_the_next_start()
    {
        _site.Engine.FailsToCreate = static _ => true;
        var late = string.Empty;
        _site.Engine.Before = call =>
        {
            late = call == "DeleteVolumeAsync" ? SizedFiles().SingleOrDefault(late) : late;
            return Task.CompletedTask;
        };
        _ = await Assert.ThrowsAsync<ClusterException>(() => _site.MakeVolumeAsync("v", policy: null));
        await _site.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_site.VolumeDirectory));

        await File.WriteAllTextAsync(late, "late");
        _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());
        Assert.False(File.Exists(late));
    }

    [Fact]
    public async Task Of_many_volumes_those_that_the_storage_cannot_make_keep_none_of_the_others_from_it()
    {
        _site.Engine.FailsToCreate = static place => place == 1;
        var made = await _site.Volumes.CreateAsync([Blank(0), Blank(1), Blank(2)]);
        Assert.Equal([true, false, true], made.Select(outcome => outcome.Error is null));
        Assert.Equal(["v0", "v2"], _site.Volumes.List(new VolumeQuery()).Items.Select(volume => volume.Name));
        await _site.DisposeAsync();
        Assert.Equal(2, Directory.GetFiles(_site.VolumeDirectory).Length);
        _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());
        Assert.Equal(2, _site.Volumes.List(new VolumeQuery()).Items.Count);
    }

    [Fact]
    public async Task What_the_catalog_refuses_once_the_image_is_made_leaves_no_image()
    {
        _ = await _site.MakePolicyAsync("p", new SnapshotSchedule());
        await GateAsync("CreateVolumesAsync");
        var making = _site.MakeVolumeAsync("v", "p");
        await _site.Policies.DeleteAsync("p");
        _gate.SetResult();
        var refusal = await Assert.ThrowsAsync<ClusterException>(() => making);
        Assert.Contains("There is no policy 'p'", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(SizedFiles());
        await _site.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_site.VolumeDirectory));
        _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());
    }

    [Fact]
    public async Task What_is_refused_before_has_not_touched_the_storage()
    {
        var calls = 0;
        _site.Engine.Before = _ =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        };
        _ = await Assert.ThrowsAsync<ClusterException>(() => _site.MakeVolumeAsync("v", "nowhere"));
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Work_of_an_earlier_host_that_takes_long_goes_on_beside_the_requests_and_keeps_its_volume_busy()
    {
        _ = await _site.MakeVolumeAsync("v", policy: null);
        await _site.TakeAsync("v", "s");
        await _site.DisposeAsync();
        CatalogFile.Change(_directory["data"], "UPDATE volumes SET reverting_to = (SELECT id FROM snapshots)");

        _site = await ScheduleSite.StartAsync(
            _directory["data"],
            new ManualTime(),
            engine => engine.Before = call => call == "ResumeRevertAsync" ? _gate.Task : Task.CompletedTask,
            startLimit: TimeSpan.Zero).WaitAsync(Limit);
        _ = await _site.MakeVolumeAsync("other", policy: null).WaitAsync(Limit);
        var growing = _site.Volumes.ResizeAsync("v", ByteSize.FromMegabytes(32));
        Assert.False(growing.IsCompleted);
        Assert.Equal(1, CountReverting());

        _gate.SetResult();
        Assert.Equal(32L << 20, (await growing.WaitAsync(Limit)).Size);
        Assert.Equal(0, CountReverting());
    }

    [Fact]
    public async Task What_a_start_could_not_end_in_the_background_is_told_and_left_to_the_next_one()
    {
        _ = await _site.MakeVolumeAsync("v", policy: null);
        await _site.TakeAsync("v", "s");
        await _site.DisposeAsync();
        CatalogFile.Change(_directory["data"], "UPDATE volumes SET reverting_to = (SELECT id FROM snapshots)");

        async Task FailAsync()
        {
            await _gate.Task;
            throw new ClusterException(ErrorCode.Internal, "the storage is away");
        }

        _site = await ScheduleSite.StartAsync(
            _directory["data"],
            new ManualTime(),
            engine => engine.Before = call => call == "ResumeRevertAsync" ? FailAsync() : Task.CompletedTask,
            startLimit: TimeSpan.Zero);
        _gate.SetResult();
        const string Told = "left to the next start: the storage is away";
        await Eventually.TrueAsync(
            () => _site.Log.Messages.Any(line => line.Contains(Told, StringComparison.Ordinal)), "the failure is told");
        Assert.Equal(1, CountReverting());

        await _site.DisposeAsync();
        _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());
        Assert.Equal(0, CountReverting());
    }

    [Fact]
    public async Task A_client_that_goes_away_does_not_stop_half_way_what_it_has_asked_for()
    {
        WatchedEngine? engine = null;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await InProcessHost.StartAsync(
            configure: options => options with { OpenEngine = site => engine = new WatchedEngine(options.OpenEngine(site)) });
        engine!.Before = async call =>
        {
            if (call == "CreateVolumesAsync")
            {
                reached.SetResult();
                await _gate.Task;
            }
        };

        using (var leaving = new RestClient(host.Address) { SessionId = host.Client.SessionId })
        {
            var asking = leaving.CreateAsync("v");
            await reached.Task.WaitAsync(Limit);
            leaving.Http.CancelPendingRequests();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        _gate.SetResult();
        await Eventually.TrueAsync(async () => (await host.Client.ListVolumesAsync()).Count == 1, "the volume is made");
    }

    private static VolumeSpecification Blank(int number) =>
        new() { Name = string.Create(CultureInfo.InvariantCulture, $"v{number}"), Size = ByteSize.FromMegabytes(16) };

    // What the reserve has is empty.
    private string[] SizedFiles() => [.. Directory.GetFiles(_site.VolumeDirectory).Where(file => new FileInfo(file).Length > 0)];

    private long CountReverting() =>
        _site.Catalog.Read(catalog => catalog.Scalar<long>("SELECT count(*) FROM volumes WHERE reverting_to IS NOT NULL"));

    // The reserve is filled first, so that the next call of that name is the create's own.
    private async Task GateAsync(string name)
    {
        _ = await _site.MakeVolumeAsync("filler", policy: null);
        await _site.Volumes.DeleteAsync("filler");
        _site.Engine.Before = call => call == name ? _gate.Task : Task.CompletedTask;
    }

    private sealed class OneWayEngine(IStorageEngine engine) : WatchedEngine(engine)
    {
        public override EngineCapabilities Capabilities => base.Capabilities with
        {
            NotReverted = new Dictionary<VolumeType, string> { [VolumeType.File] = "It has no way back. Clone the snapshot instead." },
        };
    }
}
