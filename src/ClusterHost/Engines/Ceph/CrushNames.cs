namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>The names of one kind of thing in a CRUSH map, by their numbers; in the order and the form in which they came.</summary>
internal sealed class CrushNames(IEnumerable<(int Id, string Name, byte[] Encoded)> entries)
{
    private readonly List<(int Id, string Name, byte[] Encoded)> _entries = [.. entries];

    /// <summary>Gets the number of a name, or <see langword="null"/> if the map does not have it.</summary>
    public int? Find(string name)
    {
        var index = _entries.FindIndex(entry => entry.Name == name);
        return index < 0 ? null : _entries[index].Id;
    }

    /// <summary>Adds a name, ordered by the numbers as Ceph's own are.</summary>
    public void Add(int id, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var writer = new CrushWriter();
        writer.Add(id);
        writer.Add(bytes.Length);
        writer.Add(bytes);
        var after = _entries.FindIndex(entry => entry.Id > id);
        _entries.Insert(after < 0 ? _entries.Count : after, (id, name, writer.ToArray()));
    }

    public byte[] Encode()
    {
        var writer = new CrushWriter();
        writer.Add(_entries.Count);
        foreach (var (_, _, encoded) in _entries)
        {
            writer.Add(encoded);
        }

        return writer.ToArray();
    }
}
