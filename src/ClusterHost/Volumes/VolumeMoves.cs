using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>How far the volumes are that are being moved.</summary>
internal sealed class VolumeMoves
{
    private readonly ConcurrentDictionary<string, double> _parts = new(StringComparer.Ordinal);

    /// <summary>Tells the part of a volume that has been moved, from 0 to 1; <see langword="null"/> if it is not being moved.</summary>
    public double? Find(string volumeId) => _parts.TryGetValue(volumeId, out var part) ? part : null;

    public IProgress<double> Begin(string volumeId)
    {
        _parts[volumeId] = 0;
        return new Progress(this, volumeId);
    }

    public void End(string volumeId) => _parts.TryRemove(volumeId, out _);

    private sealed class Progress(VolumeMoves moves, string volumeId) : IProgress<double>
    {
        public void Report(double value) => moves._parts[volumeId] = Math.Clamp(value, 0, 1);
    }
}
