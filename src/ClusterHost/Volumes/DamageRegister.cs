using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>What is known to be damaged, of one kind of object, by id.</summary>
/// <param name="kind">The kind's word, such as <c>volume</c>.</param>
internal sealed class DamageRegister(string kind)
{
    // Health is for people; the log and the check tell each.
    private const int MostNamed = 10;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    public string? Find(string id) => _entries.TryGetValue(id, out var entry) ? entry.Reason : null;

    /// <summary>Records what was found of an object.</summary>
    /// <returns>Whether damage is new.</returns>
    public bool Record(string id, string name, string? reason)
    {
        if (reason is null)
        {
            _ = _entries.TryRemove(id, out _);
            return false;
        }

        var known = Find(id);
        _entries[id] = new Entry(name, reason);
        return known != reason;
    }

    public void Forget(string id) => _ = _entries.TryRemove(id, out _);

    /// <summary>Tells what is damaged, a sentence each.</summary>
    public IEnumerable<string> Describe()
    {
        var entries = _entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal).ToArray();
        foreach (var entry in entries.Take(MostNamed))
        {
            yield return Describe(entry.Name, entry.Reason);
        }

        if (entries.Length > MostNamed)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{entries.Length - MostNamed} more {kind}s are damaged.");
        }
    }

    public string Describe(string name, string reason) => $"The {kind} '{name}' is damaged: {reason}";

    private sealed record Entry(string Name, string Reason);
}
