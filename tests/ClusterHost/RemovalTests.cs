namespace HedvigStorage.ClusterHost.Tests;

public sealed class RemovalTests : IAsyncLifetime
{
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
    public async Task A_removal_is_answered_while_its_image_still_gives_back_its_blocks()
    {
        var volume = await _site.MakeVolumeAsync("v", policy: null);
        await _site.TakeAsync("v", "s");
        _site.Engine.BeforeRemoval = _gate.Task;

        await _site.Volumes.DeleteAsync("v").WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(_site.Volumes.List(new VolumeQuery()).Items);
        Assert.True(File.Exists(_site.ImageOf(volume)));
        var next = await _site.MakeVolumeAsync("v", policy: null);
        Assert.NotEqual(volume.Id, next.Id);

        _gate.SetResult();
        await Eventually.TrueAsync(
            () => !File.Exists(_site.ImageOf(volume)) && Directory.GetFiles(_site.SnapshotDirectory).Length == 0, "the images have gone");
        Assert.True(File.Exists(_site.ImageOf(next)));
    }

    [Fact]
    public async Task What_lacks_space_waits_for_the_space_of_what_was_removed_before()
    {
        _ = await _site.MakeVolumeAsync("v", policy: null);
        _ = await _site.MakeVolumeAsync("source", policy: null);
        _site.Engine.BeforeRemoval = _gate.Task;
        await _site.Volumes.DeleteAsync("v");
        _site.Engine.Free = -1;
        var making = _site.MakeVolumeAsync("w", policy: null);
        Assert.False(making.IsCompleted);
        _site.Engine.Free = null;
        _gate.SetResult();
        Assert.Equal("w", (await making).Name);
    }

    [Fact]
    public async Task A_start_ends_the_removals_whose_images_were_still_there()
    {
        var volume = await _site.MakeVolumeAsync("v", policy: null);
        _site.Engine.BeforeRemoval = Task.FromException(new ClusterException(ErrorCode.Internal, "the disk is away"));
        await _site.Volumes.DeleteAsync("v");
        await Eventually.TrueAsync(() => _site.Log.Messages.Count > 0, "the removal has failed");
        await _site.DisposeAsync();
        Assert.Contains(
            _site.Log.Messages, line => line.Contains("A removal is tried again later: the disk is away", StringComparison.Ordinal));

        _site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime());
        Assert.False(File.Exists(_site.ImageOf(volume)));
        Assert.Empty(_site.Volumes.List(new VolumeQuery()).Items);
    }

    [Fact]
    public async Task A_removal_that_has_failed_is_tried_again_while_the_host_runs_and_is_told_once()
    {
        var volume = await _site.MakeVolumeAsync("v", policy: null);
        var tries = 0;
        _site.Engine.Before = call =>
        {
            tries += call == "DeleteVolumeAsync" ? 1 : 0;
            return tries is > 0 and < 3 ? throw new ClusterException(ErrorCode.Unreachable, "the storage is away") : Task.CompletedTask;
        };
        await _site.Volumes.DeleteAsync("v");
        await Eventually.TrueAsync(() => !File.Exists(_site.ImageOf(volume)), "the image is removed");
        Assert.Equal(3, tries);
        Assert.Single(_site.Log.Messages, line => line.Contains("tried again later", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_adds_to_a_long_queue_of_removals_waits_for_it()
    {
        var names = Enumerable.Range(0, 70).Select(number => string.Create(CultureInfo.InvariantCulture, $"v{number}")).ToArray();
        foreach (var name in names)
        {
            _ = await _site.MakeVolumeAsync(name, policy: null);
        }

        _site.Engine.BeforeRemoval = _gate.Task;
        var removals = names.Select(name => _site.Volumes.DeleteAsync(name)).ToArray();
        await Eventually.TrueAsync(() => removals.Count(removal => removal.IsCompleted) == 64, "64 removals are answered");
        _gate.SetResult();
        await Task.WhenAll(removals).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
