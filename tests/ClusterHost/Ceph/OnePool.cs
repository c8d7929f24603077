using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Every volume in one pool of three copies for its type, made when it is needed.</summary>
internal sealed class OnePool : IPlacements
{
    private readonly RadosCluster _cluster;
    private readonly string _name;
    private readonly Lock _making = new();
    private bool _hasImages;
    private bool _hasFiles;

    public OnePool(RadosCluster cluster, string name)
    {
        _cluster = cluster;
        _name = name;
        using var answer = cluster.Ask("osd pool ls");
        var there = answer.RootElement.EnumerateArray().Select(pool => pool.GetString()).ToList();
        _hasImages = there.Contains(name);
        _hasFiles = there.Contains(Files);
    }

    public IReadOnlyCollection<string> Pools => _hasImages ? [_name] : [];

    public IReadOnlyCollection<string> FilePools => _hasFiles ? [Files] : [];

    public IReadOnlyList<string> Problems => [];

    public int DefaultCopies => 3;

    private string Files => _name + "-files";

    public void Refresh()
    {
    }

    public void Check(VolumeAttributes requested)
    {
    }

    public string Require(VolumeAttributes requested, VolumeType type)
    {
        lock (_making)
        {
            return type == VolumeType.File ? RequireFiles() : RequireImages();
        }
    }

    public string? Find(VolumeAttributes requested, VolumeType type) => type == VolumeType.File
        ? FilePools.FirstOrDefault()
        : Pools.FirstOrDefault();

    public VolumeAttributes EffectiveOf(string pool) => new() { ReplicationFactor = 3 };

    public VolumeAttributes Effective(VolumeAttributes requested) =>
        requested.ReplicationFactor is null ? VolumeAttributes.None : new VolumeAttributes { ReplicationFactor = 3 };

    private string RequireImages()
    {
        if (!_hasImages)
        {
            _cluster.Run("osd pool create", ("pool", _name), ("pg_num", 8));
            _cluster.Run("osd pool application enable", ("pool", _name), ("app", "rbd"));
            _hasImages = true;
        }

        return _name;
    }

    private string RequireFiles()
    {
        if (!_hasFiles)
        {
            _cluster.Run("osd pool create", ("pool", Files), ("pg_num", 8));
            _cluster.Run("fs add_data_pool", ("fs_name", "cephfs"), ("pool", Files));
            _hasFiles = true;
        }

        return Files;
    }
}
