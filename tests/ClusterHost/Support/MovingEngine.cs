using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>An engine that moves volumes which ask for two copies, as far and as long as a test wants.</summary>
internal sealed class MovingEngine(IStorageEngine engine) : WatchedEngine(engine)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _moved;

    /// <summary>Gets or sets the part that is said to be moved already.</summary>
    public double Part { get; set; }

    /// <summary>Lets the move end.</summary>
    public void End() => _end.TrySetResult();

    public override bool IsMisplaced(string volumeId, VolumeAttributes requested) => requested.ReplicationFactor == 2 && !_moved;

    public override async Task MoveVolumeAsync(string volumeId, VolumeAttributes requested, IProgress<double> progress)
    {
        progress.Report(Part);
        await _end.Task;
        _moved = true;
    }
}
