using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class PlainHedvigTests : IDisposable
{
    private readonly ScriptedCluster _server = new(extension: false);
    private string? _diskDetails;

    public PlainHedvigTests() => _server.On("VirtualDiskDetails", _ => _diskDetails ?? Failed("warning", "Virtual disk couldn't be found"));

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task It_says_that_it_lacks_the_extension_and_asks_for_that_once()
    {
        using var cluster = _server.Connect();

        var capabilities = await cluster.GetCapabilitiesAsync(CancellationToken.None);
        _ = await cluster.GetCapabilitiesAsync(CancellationToken.None);

        Assert.Equal("Hedvig", capabilities.Engine);
        Assert.False(capabilities.Extension);
        Assert.Single(_server.SeenOf("Capabilities"));
    }

    [Fact]
    public async Task What_needs_the_extension_says_so_and_sends_nothing_else()
    {
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.ListSnapshotsAsync(new SnapshotQuery(), CancellationToken.None));

        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains("Listing snapshots needs the HedvigStorage extension", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.SeenOf("ListSnapshots"));
    }

    [Fact]
    public async Task A_create_sends_all_that_hedvigs_own_clients_send()
    {
        _server.On("AddVirtualDisk", _ =>
        {
            _diskDetails = Ok("""{"vDiskName":"v","size":{"units":"GB","value":20},"diskType":"BLOCK"}""");
            return Ok("""[{"name":"v","status":"ok"}]""");
        });
        using var cluster = _server.Connect();

        var volume = await cluster.CreateVolumeAsync(
            new VolumeSpecification
            {
                Name = "v",
                Size = ByteSize.FromGigabytes(20),
                Attributes = new VolumeAttributes { ReplicationFactor = 2, Residence = Residence.Flash },
            },
            CancellationToken.None);

        Assert.Equal(20L << 30, volume.Size);
        var parameters = Assert.Single(_server.SeenOf("AddVirtualDisk")).Parameters;
        Assert.Equal(4096, parameters.GetProperty("blockSize").GetInt32());
        Assert.Equal(2, parameters.GetProperty("replicationFactor").GetInt32());
        Assert.Equal("Flash", parameters.GetProperty("residence").GetString());
        Assert.Equal("Agnostic", parameters.GetProperty("replicationPolicy").GetString());
        Assert.Equal("BLOCK", parameters.GetProperty("diskType").GetString());
        Assert.False(parameters.GetProperty("encryption").GetBoolean());
    }

    [Fact]
    public async Task A_create_of_what_is_there_with_another_size_is_a_conflict_that_names_both()
    {
        _diskDetails = Ok("""{"vDiskName":"v","size":{"units":"GB","value":20},"diskType":"NFS_MASTER_DISK"}""");
        using var cluster = _server.Connect();

        var error =
            await Assert.ThrowsAsync<ClusterException>(
                () =>
                    cluster.CreateVolumeAsync(
                        new VolumeSpecification { Name = "v", Size = ByteSize.FromGigabytes(30) }, CancellationToken.None));

        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains("20GB, not 30GB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shrinking_is_refused_with_both_sizes_and_nothing_is_sent()
    {
        _diskDetails = Ok("""{"vDiskName":"v","size":{"units":"GB","value":20},"diskType":"BLOCK"}""");
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.ResizeVolumeAsync("v", ByteSize.FromGigabytes(10), CancellationToken.None));

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("from 20GB to 10GB", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.SeenOf("ResizeDisks"));
    }

    [Fact]
    public async Task A_size_that_is_not_a_whole_number_of_gigabytes_is_refused_with_the_next_one_that_is()
    {
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () =>
                cluster.CreateVolumeAsync(
                    new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(1536) }, CancellationToken.None));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("2GB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshots_name_goes_into_the_outside_identity()
    {
        _diskDetails = Ok("""{"vDiskName":"v","size":{"units":"GB","value":20},"diskType":"BLOCK"}""");
        _server.On("MakeSnapshot", Ok("""[{"status":"ok","snapshotName":"v$1$2"}]"""));
        using var cluster = _server.Connect();

        var snapshot = await cluster.CreateSnapshotAsync("v", "before", CancellationToken.None);

        Assert.Equal("before", snapshot.Name);
        Assert.Equal("before", _server.SeenOf("MakeSnapshot")[0].Parameters.GetProperty("openstackSID").GetString());
    }

    [Fact]
    public async Task Named_volumes_are_listed_by_asking_for_each()
    {
        _server.On("VirtualDiskDetails", request => request.Parameters.GetProperty("virtualDisk").GetString() is "b"
            ? Failed("warning", "Virtual disk couldn't be found")
            : Ok($$"""{"vDiskName":"{{request.Parameters.GetProperty("virtualDisk").GetString()}}","size":{"units":"GB","value":1},"diskType":"BLOCK"}"""));
        using var cluster = _server.Connect();

        var page = await cluster.ListVolumesAsync(new VolumeQuery { Names = ["c", "b", "a"], PageSize = 2 }, CancellationToken.None);
        var rest = await cluster.ListVolumesAsync(
            new VolumeQuery { Names = ["c", "b", "a"], PageSize = 2, PageToken = page.NextPageToken }, CancellationToken.None);

        Assert.Equal(["a", "c"], page.Items.Concat(rest.Items).Select(volume => volume.Name), StringComparer.Ordinal);
        Assert.Null(rest.NextPageToken);
    }
}
