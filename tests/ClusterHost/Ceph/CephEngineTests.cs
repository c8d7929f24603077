using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Engines.Ceph.Native;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The engine over a Ceph cluster does what every engine does.</summary>
[Collection(CephCollection.Name)]
public sealed class CephEngineTests(CephFixture ceph) : StorageEngineContract
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..10];
    private RadosCluster? _client;

    private protected override bool CanLoseSizes => false;

    private protected override bool MeasuresAtOnce => false;

    private protected override Task<IStorageEngine> OpenAsync()
    {
        var options = new CephOptions
        {
            ConfigFile = ceph.ConfigFile,
            User = ceph.User,
            Prefix = _prefix,
            HealthInterval = TimeSpan.FromMilliseconds(200),
        };
        _client = RadosCluster.Connect(options, new CephCalls());
        return Task.FromResult<IStorageEngine>(CephEngine.Open(options, cluster => new OnePool(cluster, _prefix + "-3")));
    }

    private protected override Task CloseAsync()
    {
        _client?.Dispose();
        return Task.CompletedTask;
    }

    private protected override long GetSize(EngineDevice device)
    {
        using var image = Open(device);
        Assert.Equal(0, RbdLibrary.GetSize(image, out var size));
        return (long)size;
    }

    private protected override unsafe byte Read(EngineDevice device, long position)
    {
        using var image = Open(device);
        byte value;
        Assert.Equal(1, RbdLibrary.Read(image, (ulong)position, 1, &value));
        return value;
    }

    private protected override unsafe void Write(EngineDevice device, long position, byte value)
    {
        using var image = Open(device);
        Assert.Equal(1, RbdLibrary.Write(image, (ulong)position, 1, &value));
        Assert.Equal(0, RbdLibrary.Flush(image));
    }

    private ImageHandle Open(EngineDevice device)
    {
        var place = device.Path.Split('/');
        var pool = _client!.OpenPool(place[0]);
        Assert.Equal(0, RbdLibrary.Open(pool, place[1], out var image, snapshot: null));
        return new ImageHandle(pool, image);
    }
}
