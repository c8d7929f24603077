using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class HedvigClusterTests : IDisposable
{
    private readonly ScriptedCluster _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Only_what_is_specified_is_sent_to_a_cluster_host()
    {
        _server.On("AddVirtualDisk", Ok($$"""[{"name":"v","status":"ok","volume":{{Volume("v", 20L << 30)}}}]"""));
        using var cluster = _server.Connect();

        await cluster.CreateVolumeAsync(
            new VolumeSpecification
            {
                Name = "v",
                Size = ByteSize.FromGigabytes(20),
                Attributes = new VolumeAttributes { Compression = true },
            },
            CancellationToken.None);

        var parameters = Assert.Single(_server.SeenOf("AddVirtualDisk")).Parameters;
        Assert.Equal(["name", "size", "compressed"], parameters.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.Equal("""{"unit":"GB","value":20}""", parameters.GetProperty("size").GetRawText());
    }

    [Fact]
    public async Task An_item_that_failed_inside_an_answer_that_is_ok_is_an_error()
    {
        _server.On("ResizeDisks", Ok("""[{"name":"v","status":"failure","message":"The volume 'v' is in use by host 'web1'."}]"""));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.ResizeVolumeAsync("v", ByteSize.FromGigabytes(2), CancellationToken.None));

        Assert.Equal(ErrorCode.Busy, error.Code);
        Assert.Equal("The volume 'v' is in use by host 'web1'.", error.Message);
    }

    [Theory]
    [InlineData("Refused", "protected", ErrorCode.Refused)]
    [InlineData("NoSpace", "full", ErrorCode.NoSpace)]
    [InlineData(null, "Virtual disk v can't be found", ErrorCode.NotFound)]
    [InlineData(null, "something broke", ErrorCode.Internal)]
    public async Task The_code_comes_from_the_answer_or_from_what_is_known_of_its_message(string? code, string message, ErrorCode expected)
    {
        _server.On("ResizeDisks", Failed("failure", message, code));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.ResizeVolumeAsync("v", ByteSize.FromGigabytes(2), CancellationToken.None));

        Assert.Equal(expected, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("""{"status":"ok","result":{"volumes":[{"name":"v","diskType":"BLOCK","sizeBytes":"many"}]}}""", "volumes[0].sizeBytes")]
    [InlineData("""{"status":"ok","result":[]}""", "result")]
    [InlineData("""{"status":"ok"}""", "result")]
    [InlineData("""{"status":7}""", "status")]
    [InlineData("""{"status":"ok","result":{"volumes":[null]}}""", "volumes")]
    [InlineData("not json at all", "JSON")]
    public async Task An_answer_of_another_shape_is_named_with_request_and_member(string answer, string member)
    {
        _server.On("ListVolumes", answer);
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains("ListVolumes", error.Message, StringComparison.Ordinal);
        Assert.Contains(member, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("many", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removing_what_is_gone_succeeds()
    {
        _server.On("DeleteVDisk", Failed("warning", "Virtual disk couldn't be found", "NotFound"));
        _server.On("DeleteSnapshot", Failed("warning", "Snapshot couldn't be found", "NotFound"));
        using var cluster = _server.Connect();

        await cluster.DeleteVolumeAsync("v", CancellationToken.None);
        await cluster.DeleteSnapshotAsync("v", "s", CancellationToken.None);

        Assert.Equal("v", _server.SeenOf("DeleteSnapshot")[0].Parameters.GetProperty("openstackVolName").GetString());
    }

    [Fact]
    public async Task An_outage_is_never_read_as_no_such_volume()
    {
        _server.On("VirtualDiskDetails", Failed("failure", "The catalog is locked.", "Internal"));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal(ErrorCode.Internal, error.Code);
    }

    [Fact]
    public async Task A_cluster_host_that_fails_on_capabilities_is_not_taken_for_a_plain_hedvig()
    {
        _server.On("Capabilities", Failed("failure", "The catalog is locked.", "Internal"));
        using var cluster = _server.Connect();

        await Assert.ThrowsAsync<ClusterException>(() => cluster.GetCapabilitiesAsync(CancellationToken.None));
        _server.On("Capabilities", Ok("""{"engine":"Embedded"}"""));

        Assert.True((await cluster.GetCapabilitiesAsync(CancellationToken.None)).Extension);
    }

    [Fact]
    public async Task Pages_pass_on_their_token_and_an_empty_one_is_the_end()
    {
        _server.On("ListVolumes", request => request.Parameters.TryGetProperty("pageToken", out var token) && string.Equals(
            token.GetString(), "t1", StringComparison.Ordinal)
            ? Ok($$"""{"volumes":[{{Volume("b")}}],"nextPageToken":""}""")
            : Ok($$"""{"volumes":[{{Volume("a")}}],"nextPageToken":"t1"}"""));
        using var cluster = _server.Connect();

        var first = await cluster.ListVolumesAsync(new VolumeQuery { PageSize = 1 }, CancellationToken.None);
        var second = await cluster.ListVolumesAsync(
            new VolumeQuery { PageSize = 1, PageToken = first.NextPageToken }, CancellationToken.None);

        Assert.Equal(["a", "b"], first.Items.Concat(second.Items).Select(volume => volume.Name), StringComparer.Ordinal);
        Assert.Null(second.NextPageToken);
    }

    [Fact]
    public async Task Information_takes_fractions_and_any_unit()
    {
        _server.On("ListClusterNodes", Ok("""["127.0.0.1:7080"]"""));
        _server.On("ClusterInformation", Ok("""{"capacity":{"total":{"units":"TB","value":1.5},"used":{"units":"GB","value":2}},"healthy":false,"problems":["The disk is full."]}"""));
        using var cluster = _server.Connect();

        var information = await cluster.GetInformationAsync(CancellationToken.None);

        Assert.Equal(ByteSize.Parse("1.5TB").Bytes, information.Total);
        Assert.Equal(ByteSize.Parse("2GB").Bytes, information.Used);
        Assert.False(information.Healthy);
        Assert.Equal("The disk is full.", Assert.Single(information.Problems));
        Assert.Equal("127.0.0.1:7080", Assert.Single(information.Nodes));
    }
}
