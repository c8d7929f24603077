namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>What is wrong with the cluster, as health tells it. Each part that can notice something is asked.</summary>
internal sealed class ClusterProblems(CapacityService capacity)
{
    private readonly List<Func<IEnumerable<string>>> _parts = [capacity.FindProblems];

    /// <summary>Adds a part that is asked from now on. It answers at once, from what it knows.</summary>
    public void Add(Func<IEnumerable<string>> part) => _parts.Add(part);

    /// <summary>Tells what is wrong now; nothing if all is well.</summary>
    public IReadOnlyList<string> Find() => _parts.SelectMany(part => part()).ToArray();
}
