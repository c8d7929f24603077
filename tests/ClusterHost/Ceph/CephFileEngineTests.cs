using System.Text.Json;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>
/// The engine over a Ceph cluster does what every engine does with volumes that are CephFS subvolumes, too, with no more rights than
/// docs/ceph.md names.
/// </summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephFileEngineTests(CephFixture ceph) : StorageEngineContract
{
    private readonly string _prefix = $"f{Guid.NewGuid():N}"[..10];
    private RadosCluster? _client;
    private CephFiles? _files;

    private protected override VolumeType Type => VolumeType.File;

    private protected override bool CanLoseSizes => false;

    private protected override bool MeasuresAtOnce => false;

    private protected override Task<IStorageEngine> OpenAsync()
    {
        var options = new CephOptions
        {
            ConfigFile = ceph.ConfigFile,
            User = ceph.HostUser,
            Prefix = _prefix,
            HealthInterval = TimeSpan.FromMilliseconds(200),
        };
        _client = RadosCluster.Connect(options, new CephCalls());
        _files = new CephFiles(ceph.ConfigFile, ceph.User);
        return Task.FromResult<IStorageEngine>(CephEngine.Open(options, cluster =>
        {
            var pools = new CephPools(cluster, _prefix, _prefix);
            pools.Refresh();
            return pools;
        }));
    }

    private protected override Task CloseAsync()
    {
        _files?.Dispose();
        _client?.Dispose();
        return Task.CompletedTask;
    }

    private protected override long GetSize(EngineDevice device)
    {
        var place = device.Path.Split('/');
        using var info = JsonDocument.Parse(_client!.Manager.Command(CephCommand.Write(
            "fs subvolume info", ("vol_name", "cephfs"), ("group_name", place[2]), ("sub_name", place[3]))));
        Assert.Equal(place[2], info.RootElement.GetProperty("data_pool").GetString());
        return info.RootElement.GetProperty("bytes_quota").GetInt64();
    }

    private protected override byte Read(EngineDevice device, long position) => _files!.Read(FileOf(device), position);

    private protected override void Write(EngineDevice device, long position, byte value) =>
        _files!.Write(FileOf(device), position, value);

    // What nobody has written of a file takes up nothing.
    private protected override void Fill(EngineDevice device, long size) => _files!.Write(FileOf(device), 0, new byte[size]);

    private static string FileOf(EngineDevice device)
    {
        Assert.Equal("cephfs", device.Kind);
        Assert.StartsWith("cephfs:/volumes/", device.Path, StringComparison.Ordinal);
        return device.Path["cephfs:".Length..] + "/data";
    }
}
