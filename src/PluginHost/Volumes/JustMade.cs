using System.Collections.Concurrent;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>
/// The volumes that the cluster has told of within the last moment, as the answer to their create. A Docker Engine asks for each volume
/// right after that, and the cluster would only repeat itself. Nothing is mounted on its word: a mount takes the lease from the cluster.
/// </summary>
/// <param name="time">The time.</param>
internal sealed class JustMade(TimeProvider time)
{
    // Much less than a person or another host needs to see the volume and change it.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(250);
    private const int ManyVolumes = 100;

    private readonly ConcurrentDictionary<string, (Volume Volume, long At)> _volumes = new(StringComparer.Ordinal);

    /// <summary>Notes the answer to a create.</summary>
    public void Put(Volume volume)
    {
        if (_volumes.Count >= ManyVolumes)
        {
            foreach (var (name, made) in _volumes.Where(made => IsOver(made.Value.At)).ToArray())
            {
                _ = _volumes.TryRemove(new(name, made));
            }
        }

        _volumes[volume.Name] = (volume, time.GetTimestamp());
    }

    /// <summary>Finds a volume that was made within the last moment, and that nothing was done to since.</summary>
    public Volume? Find(string name)
    {
        if (!_volumes.TryGetValue(name, out var made))
        {
            return null;
        }

        if (!IsOver(made.At))
        {
            return made.Volume;
        }

        _ = _volumes.TryRemove(new(name, made));
        return null;
    }

    /// <summary>Forgets a volume that something is about to be done to.</summary>
    public void Forget(string name) => _volumes.TryRemove(name, out _);

    private bool IsOver(long at) => time.GetElapsedTime(at) >= Moment;
}
