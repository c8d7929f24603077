using HedvigStorage.Linux;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>Does what is to be done to a volume in its turn, and notes how that went.</summary>
internal sealed class VolumeTurns
{
    private readonly KeyedLocks _locks = new();

    /// <summary>Gets what is being done, and what went wrong last.</summary>
    public VolumeProgress Progress { get; } = new();

    /// <summary>Does something to a volume when what was asked before has ended.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ClusterException">It failed.</exception>
    public async Task RunAsync(string volume, Func<Task> action)
    {
        using var turn = await _locks.TryEnterAsync(volume, Timeout.InfiniteTimeSpan);
        await RunInTurnAsync(volume, action);
    }

    /// <summary>Does something to a volume unless something is being done to it already.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ClusterException">It failed.</exception>
    public async Task TryRunAsync(string volume, Func<Task> action)
    {
        using var turn = _locks.TryEnter(volume);
        if (turn is not null)
        {
            await RunInTurnAsync(volume, action);
        }
    }

    private async Task RunInTurnAsync(string volume, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Progress.Failed(volume, exception.Message);
            throw new ClusterException(ErrorCode.Internal, exception.Message, exception);
        }
        catch (ClusterException exception)
        {
            Progress.Failed(volume, exception.Message);
            throw;
        }
        finally
        {
            Progress.End(volume);
        }
    }
}
