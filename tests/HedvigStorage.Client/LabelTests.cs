using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

/// <summary>Labels, snapshot schedules and the list of all access: what is sent to whom.</summary>
public sealed class LabelTests : IDisposable
{
    private const string Labelled = """{"owner":"web"}""";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { ["owner"] = "web" };

    private ScriptedCluster _server = new(extension: false);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_plain_hedvig_is_sent_no_labels_with_what_is_made()
    {
        string? details = null;
        _server.On("VirtualDiskDetails", _ => details ?? Failed("warning", "Virtual disk couldn't be found"));
        _server.On("AddVirtualDisk", _ =>
        {
            details = Ok("""{"vDiskName":"v","size":{"units":"GB","value":20},"diskType":"BLOCK"}""");
            return Ok("""[{"name":"v","status":"ok"}]""");
        });
        _server.On("MakeSnapshot", Ok("""[{"status":"ok","snapshotName":"v$1$2"}]"""));
        using var cluster = _server.Connect();

        var volume = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromGigabytes(20), Labels = Labels }, None);
        var snapshot = await cluster.CreateSnapshotAsync("v", "s", Labels, None);

        Assert.Empty(volume.Labels);
        Assert.Empty(snapshot.Labels);
        Assert.All(_server.Seen, request => Assert.DoesNotContain("labels", request.Body.GetRawText(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_plain_hedvig_is_asked_neither_to_set_labels_nor_for_all_access()
    {
        using var cluster = _server.Connect();

        var labels = await Assert.ThrowsAsync<ClusterException>(() => cluster.SetLabelsAsync(LabelledObject.OfVolume("v"), Labels!, None));
        var access = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.ListAllAsync(None));

        Assert.Equal((ErrorCode.Unsupported, ErrorCode.Unsupported), (labels.Code, access.Code));
        Assert.Contains("keeps no labels, so the volume 'v' gets none", labels.Message, StringComparison.Ordinal);
        Assert.Contains("Listing the access to all volumes needs the HedvigStorage extension", access.Message, StringComparison.Ordinal);
        Assert.Equal(
            ["Login", "Capabilities"],
            _server.Seen.Select(request => request.Type).Distinct(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_older_cluster_host_is_sent_no_labels_and_no_schedule_and_a_schedule_that_it_would_not_keep_is_refused()
    {
        Serve(labels: false);
        using var cluster = _server.Connect();

        await MakeAllAsync(cluster);
        _ = await cluster.CreatePolicyAsync(
            new PolicySpecification { Name = "p", SnapshotSchedule = SnapshotSchedule.None, Labels = Labels }, None);
        Assert.All(_server.Seen, request => Assert.DoesNotContain("labels", request.Body.GetRawText(), StringComparison.OrdinalIgnoreCase));
        Assert.All(
            _server.Seen,
            request => Assert.DoesNotContain("snapshotSchedule", request.Body.GetRawText(), StringComparison.OrdinalIgnoreCase));

        var sent = _server.Seen.Count;
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.UpdatePolicyAsync("p", new PolicyChange { SnapshotSchedule = new SnapshotSchedule { Daily = 7 } }, None));
        Assert.Equal(ErrorCode.Unsupported, error.Code);
        Assert.Contains("daily=7", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            ErrorCode.Unsupported,
            (await Assert.ThrowsAsync<ClusterException>(() => cluster.SetLabelsAsync(LabelledObject.Policy("p"), Labels!, None))).Code);
        Assert.Equal(sent, _server.Seen.Count);
    }

    [Fact]
    public async Task A_cluster_host_is_sent_the_labels_of_volumes_clones_snapshots_and_policies()
    {
        Serve(labels: true);
        using var cluster = _server.Connect();

        await MakeAllAsync(cluster);
        _ = await cluster.CreatePolicyAsync(
            new PolicySpecification { Name = "p", SnapshotSchedule = new SnapshotSchedule { Hourly = 24 }, Labels = Labels }, None);

        Assert.All(
            ["AddVirtualDisk", "CloneVdisk", "MakeSnapshot", "AddPolicy"],
            type => Assert.Equal(Labelled, Assert.Single(_server.SeenOf(type)).Parameters.GetProperty("labels").GetRawText()));
        Assert.Equal(
            """{"hourly":24,"daily":0,"weekly":0}""",
            _server.SeenOf("AddPolicy")[0].Parameters.GetProperty("snapshotSchedule").GetRawText());
    }

    [Fact]
    public async Task Setting_labels_names_the_object_and_sends_null_for_what_is_taken_away()
    {
        Serve(labels: true);
        _server.On("SetLabels", """{"status":"ok"}""");
        using var cluster = _server.Connect();
        var rule = LabelledObject.AccessRule(new AccessRule { Volume = "v", Target = "t", Address = "192.0.2.1" });

        await cluster.SetLabelsAsync(rule, new Dictionary<string, string?>(StringComparer.Ordinal) { ["a"] = "b", ["c"] = null }, None);

        Assert.Equal(
            """{"kind":"AccessRule","name":"192.0.2.1","virtualDisk":"v","target":"t","labels":{"a":"b","c":null}}""",
            Assert.Single(_server.SeenOf("SetLabels")).Parameters.GetRawText());
        Assert.Equal("HedvigStorage", _server.SeenOf("SetLabels")[0].Category);
    }

    [Theory]
    [InlineData("""{"luns":[],"exports":[]}""", "'rules'")]
    [InlineData("""{"luns":[null],"exports":[],"rules":[]}""", "'luns.virtualDisk'")]
    [InlineData("""{"luns":[],"exports":[{"virtualDisk":"v"}],"rules":[]}""", "'exports.target'")]
    [InlineData("""{"luns":[],"exports":[],"rules":[{"virtualDisk":"v","target":"t","address":"a","type":"x"}]}""", "'x' for 'rules.type'")]
    public async Task A_list_of_access_that_lacks_something_is_an_error_that_names_it(string result, string named)
    {
        Serve(labels: true);
        _server.On("ListAccess", Ok(result));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.Access.ListAllAsync(None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static async Task MakeAllAsync(Cluster.HedvigCluster cluster)
    {
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromGigabytes(1), Labels = Labels }, None);
        _ = await cluster.CreateVolumeAsync(new VolumeSpecification { Name = "c", SourceVolume = "v", Labels = Labels }, None);
        _ = await cluster.CreateSnapshotAsync("v", "s", Labels, None);
    }

    private void Serve(bool labels)
    {
        _server.Dispose();
        _server = new ScriptedCluster();
        if (labels)
        {
            _server.On(
                "Capabilities",
                Ok("""{"engine":"Embedded","labels":true,"snapshotSchedules":true,"minimumVolumeBytes":1,"maximumVolumeBytes":2}"""));
        }

        _server.On("AddVirtualDisk", Ok($$"""[{"name":"v","status":"ok","volume":{{Volume("v")}}}]"""));
        _server.On("CloneVdisk", Ok($$"""{"volume":{{Volume("c")}}}"""));
        _server.On("MakeSnapshot", Ok("""[{"status":"ok","snapshot":{"volume":"v","name":"s","sizeBytes":1,"allocatedBytes":0,"createdAt":"2026-11-22T12:00:00Z"}}]"""));
        _server.On("AddPolicy", Ok("""{"policy":{"name":"p"}}"""));
    }
}
