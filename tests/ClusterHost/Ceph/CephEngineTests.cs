using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The engine over a Ceph cluster does what every engine does.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephEngineTests(CephFixture ceph) : StorageEngineContract
{
    private readonly string _prefix = CephSite.NewPrefix();
    private CephImages? _images;

    private protected override bool CanLoseSizes => false;

    private protected override bool MeasuresAtOnce => false;

    private protected override Task<IStorageEngine> OpenAsync()
    {
        var options = CephSite.Options(ceph, _prefix);
        _images = new CephImages(options);
        return Task.FromResult<IStorageEngine>(CephSite.OpenEngine(options, cluster: _prefix));
    }

    private protected override Task CloseAsync()
    {
        _images?.Dispose();
        return Task.CompletedTask;
    }

    // What nobody has written of an object takes up nothing in Ceph's sum.
    private protected override void Fill(EngineDevice device, long size) => _images!.Fill(device.Path, size);

    private protected override long GetSize(EngineDevice device) => _images!.GetSize(device.Path);

    private protected override byte Read(EngineDevice device, long position) => _images!.Read(device.Path, position);

    private protected override void Write(EngineDevice device, long position, byte value) => _images!.Write(device.Path, position, value);
}
