using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Embedded;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Platforms.Linux;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>The embedded engine on a file system without reflinks, as far as the temporary directory has none.</summary>
public class EmbeddedEngineTests : StorageEngineContract
{
    private readonly TemporaryDirectory _directory = new();

    private protected virtual string Place => _directory.Path;

    private protected override Task<IStorageEngine> OpenAsync() =>
        Task.FromResult<IStorageEngine>(
            new EmbeddedEngine(Place, new CopyLimits(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), "cluster"));

    private protected override Task CloseAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    private protected override long GetSize(EngineDevice device) => new FileInfo(device.Path).Length;

    private protected override byte Read(EngineDevice device, long position)
    {
        using var file = File.OpenRead(device.Path);
        file.Position = position;
        return (byte)file.ReadByte();
    }

    private protected override void Write(EngineDevice device, long position, byte value)
    {
        using var file = File.OpenWrite(device.Path);
        file.Position = position;
        file.WriteByte(value);
    }
}

/// <summary>The embedded engine where blocks are shared.</summary>
public sealed class EmbeddedEngineWithReflinksTests : EmbeddedEngineTests
{
    private readonly TemporaryDirectory _outer = new();
    private LoopMount? _mount;

    private protected override string Place => _mount!.MountPoint;

    [SkippableFact]
    public void Sharing_is_found_out()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        Assert.True(FileCopier.CanShare(Place));
    }

    private protected override Task<IStorageEngine> OpenAsync()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        _mount = LoopMount.Make("xfs", _outer["xfs.img"], _outer["xfs"], 512L << 20);
        return base.OpenAsync();
    }

    private protected override async Task CloseAsync()
    {
        _mount?.Dispose();
        _outer.Dispose();
        await base.CloseAsync();
    }
}
