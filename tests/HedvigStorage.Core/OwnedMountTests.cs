using System;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.Tests;

/// <summary>An engine copies the owner and the mode of an image's folder over those of the volume that is mounted there.</summary>
public sealed class OwnedMountTests : IDisposable
{
    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData(999, null, null, true)]
    [InlineData(null, 999, null, true)]
    [InlineData(null, null, 448, true)]
    [InlineData(null, null, null, false)]
    public async Task Nothing_is_copied_into_a_volume_that_asks_for_an_owner_or_a_mode(int? uid, int? gid, int? mode, bool noCopy)
    {
        _ = await _site.Cluster.CreateVolumeAsync(new VolumeSpecification { Name = "data", Size = new ByteSize("1GB"), Uid = uid, Gid = gid, Mode = mode }, CancellationToken.None);
        const string Container = "{ 'name': 'db', 'image': 'app:1', 'mounts': [ { 'volume': 'data', 'target': '/data' } ] }";
        Assert.Null(DockerSite.ErrorOf(await _site.ApplyContainersAsync(Container)));

        Assert.Equal(noCopy, Assert.Single(_site.Engine.Containers["db"].Specification.Mounts).NoCopy);
        Assert.False((await _site.PlanContainersAsync(Container)).HasChanges);
    }
}
