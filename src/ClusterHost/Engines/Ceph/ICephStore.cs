namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Volumes of one type in one pool, by the names that Ceph knows them by. Every method blocks its thread and can be repeated; all throw
/// <see cref="CephException"/>. A call that has timed out may have had its effect.
/// </summary>
internal interface ICephStore
{
    /// <summary>Makes a blank volume, or finds the one that is there.</summary>
    /// <exception cref="CephException">Error 17: there is one of another size.</exception>
    void Create(string volume, long size);

    /// <summary>Makes a volume from another's snapshot, or finds it, and extends it to a size.</summary>
    void Clone(string source, string snapshot, string volume, long size);

    /// <summary>Extends a volume; one that has the size stays as it is.</summary>
    void Grow(string volume, long size);

    /// <summary>Makes a snapshot, or finds it, and tells the bytes that the volume takes up.</summary>
    long CreateSnapshot(string volume, string snapshot);

    /// <summary>Removes a snapshot, if it is there. Clones of it keep what they need.</summary>
    void RemoveSnapshot(string volume, string snapshot);

    /// <summary>Removes the snapshots whose names begin with a text.</summary>
    void RemoveSnapshots(string volume, string beginning);

    /// <summary>Puts the content back to that of a snapshot, extended to a size. Until it has ended, the content is neither.</summary>
    void Revert(string volume, string snapshot, long size);

    /// <summary>Tells the bytes that a volume takes up, those that it shares with its source included.</summary>
    long Measure(string volume);

    /// <summary>Removes a volume, if it is there.</summary>
    /// <returns>Whether something is left that is removed later.</returns>
    bool Remove(string volume);

    /// <summary>Tells the size of a volume; <see langword="null"/> if it is not there.</summary>
    long? FindSize(string volume);

    /// <summary>Tells whether a volume has a snapshot.</summary>
    bool HasSnapshot(string volume, string snapshot);

    /// <summary>Tells the addresses of the clients that have a volume open, as far as Ceph tells them.</summary>
    List<string> ListUsers(string volume);
}
