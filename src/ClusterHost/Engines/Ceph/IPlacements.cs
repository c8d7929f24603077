namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Which pool holds what was asked for, and what a pool really gives. Methods block; all throw <see cref="CephException"/>.
/// </summary>
internal interface IPlacements
{
    /// <summary>Tells the pools of this cluster that images are in, from memory.</summary>
    IReadOnlyCollection<string> Pools { get; }

    /// <summary>Tells the pools of this cluster that files are in, from memory.</summary>
    IReadOnlyCollection<string> FilePools { get; }

    /// <summary>Gets what is wrong with pools, a sentence each, from memory.</summary>
    IReadOnlyList<string> Problems { get; }

    /// <summary>Gets how many copies a volume has that asks for none, from memory.</summary>
    int DefaultCopies { get; }

    /// <summary>Reads again what pools there are, and what they give.</summary>
    void Refresh();

    /// <summary>Refuses what this Ceph cluster cannot place.</summary>
    /// <exception cref="ClusterException">It cannot: with what is there.</exception>
    void Check(VolumeAttributes requested);

    /// <summary>Tells the pool for a volume if it is known to be there, from memory; else <see langword="null"/>.</summary>
    string? Find(VolumeAttributes requested, VolumeType type);

    /// <summary>Finds or makes the pool for a volume.</summary>
    /// <exception cref="ClusterException">It cannot be placed, or the pool is somebody else's.</exception>
    string Require(VolumeAttributes requested, VolumeType type);

    /// <summary>
    /// Tells the pool that <see cref="Require"/> would find or make, from memory; <see langword="null"/> if it cannot be placed.
    /// </summary>
    string? NameFor(VolumeAttributes requested, VolumeType type);

    /// <summary>Tells what a pool gives, from memory; nothing if it is not known.</summary>
    VolumeAttributes EffectiveOf(string pool);

    /// <summary>Tells what a new volume would be given, from memory.</summary>
    VolumeAttributes Effective(VolumeAttributes requested);
}
