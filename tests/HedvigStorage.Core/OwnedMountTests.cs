using HedvigStorage.Docker;
using HedvigStorage.Planning;

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
        _ = await _site.Cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "data", Size = new ByteSize("1GB"), Uid = uid, Gid = gid, Mode = mode },
            CancellationToken.None);
        const string Container = "{ 'name': 'db', 'image': 'app:1', 'mounts': [ { 'volume': 'data', 'target': '/data' } ] }";
        Assert.Null(DockerSite.ErrorOf(await _site.ApplyContainersAsync(Container)));

        Assert.Equal(noCopy, Assert.Single(_site.Engine.Containers["db"].Specification.Mounts).NoCopy);
        Assert.False((await _site.PlanContainersAsync(Container)).HasChanges);
    }

    [Fact]
    public async Task An_owner_that_is_not_the_document_s_is_a_difference_that_interrupts_the_container_with_consent_only()
    {
        await StartAsync();
        _site.Engine.Owners["db:/data"] = new FolderOwner(0, 5, 0x1ED, DateTimeOffset.UnixEpoch); // 0755

        var step = Assert.Single((await PlanAsync()).Changes);
        Assert.Equal((StepAction.Update, Consent.Replace), (step.Action, step.Needs));
        Assert.Equal(new PropertyChange("owner of /data", "0:5 0755", "999:5 0750"), Assert.Single(step.Changes));
        Assert.Contains(
            "would be interrupted",
            (await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(allowed: false))).Message,
            StringComparison.Ordinal);

        _site.Engine.Changes.Clear();
        Assert.True((await ApplyAsync(allowed: true)).Succeeded);
        Assert.Equal(["stop db", "own db /data", "start db"], _site.Engine.Changes);
        Assert.Equal("999:5 0750", _site.Engine.Owners["db:/data"].ToString());
        Assert.False((await PlanAsync()).HasChanges);
    }

    [Fact]
    public async Task A_container_that_sets_the_owner_itself_is_told_of_and_runs_on()
    {
        await StartAsync();
        var own = _site.Engine.Owners["db:/data"] = new FolderOwner(70, 70, 0x1C0, DateTimeOffset.UnixEpoch); // 0700
        _site.Engine.Done = change => _site.Engine.Owners["db:/data"] = change == "start db" ? own : _site.Engine.Owners["db:/data"];

        var report = await ApplyAsync(allowed: true);

        Assert.Contains(
            "sets the owner of /data itself, to 70:70 0700",
            report.Outcomes.Single(outcome => outcome.Error is not null).Error!,
            StringComparison.Ordinal);
        Assert.Equal("running", _site.Engine.Containers["db"].State);
    }

    [Fact]
    public async Task A_new_container_finds_the_owner_put_right_before_it_starts()
    {
        _site.Engine.Owners["db:/data"] = new FolderOwner(0, 0, 0x1ED, DateTimeOffset.UnixEpoch);
        await StartAsync();

        Assert.Equal(["create db", "own db /data", "start db"], _site.Engine.Changes);
    }

    [Theory]
    [InlineData("'readOnly': true")]
    [InlineData("'subPath': 'sub'")]
    public async Task A_mount_that_may_not_be_written_or_is_not_the_root_is_not_looked_at(string member)
    {
        _site.Engine.Owners["db:/data"] = new FolderOwner(0, 0, 0x1ED, DateTimeOffset.UnixEpoch);
        Assert.True((await _site.ApplyAsync(Document($", {member}"))).Succeeded);

        Assert.Equal(["create db", "start db"], _site.Engine.Changes);
        Assert.False((await _site.PlanAsync(Document($", {member}"))).HasChanges);
    }

    private static string Document(string members = "") =>
        $"{{ 'containers': [ {{ 'name': 'db', 'image': 'app:1', 'mounts': [ {{ 'volume': 'data', 'target': '/data'{members} }} ] }} ] }}, "
            + $"'volumes': [ {{ 'name': 'data', 'size': '1GB', 'uid': 999, 'mode': '0750' }} ]";

    private async Task StartAsync() => Assert.True((await _site.ApplyAsync(Document())).Succeeded);

    private Task<Plan> PlanAsync() => _site.PlanAsync(Document());

    private Task<ApplyReport> ApplyAsync(bool allowed) =>
        _site.ApplyAsync(Document(), options: new ApplyOptions { AllowReplace = allowed ? [ResourceKind.Container] : [] });
}
