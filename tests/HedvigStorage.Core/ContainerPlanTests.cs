using HedvigStorage.Docker;
using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

public sealed class ContainerPlanTests
{
    private const string Desired = """
        {
          "volumes": [ { "name": "data", "size": "1GB" } ],
          "docker": { "containers": [ {
            "name": "db", "image": "redis:7", "command": [ "redis-server" ], "environment": { "A": "1" }, "labels": { "team": "x" },
            "mounts": [ { "volume": "data", "target": "/data" } ], "ports": [ "6379:6379" ], "restart": "always"
          } ] }
        }
        """;

    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string OtherDigest = "4567456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly FakeCluster _cluster = new();
    private readonly FakeDockerEngine _engine = new();

    public ContainerPlanTests() => _engine.Images["redis:7"] = new Image
    {
        Id = "sha256:one",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin" },
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["vendor"] = "v" },
    };

    [Fact]
    public async Task A_container_is_stopped_while_its_volume_is_replaced_and_runs_again_afterwards()
    {
        const string Site = """
            {
              "volumes": [ { "name": "data", "size": "1GB", "fileSystem": "Ext4" } ],
              "docker": { "containers": [ { "name": "db", "image": "db:1", "mounts": [ { "volume": "data", "target": "/data" } ] } ] }
            }
            """;
        var cluster = new FakeCluster();
        var engine = new FakeDockerEngine { Images = { ["db:1"] = new Image { Id = "sha256:1" } } };
        var planner = new Planner(new PlanTargets(cluster) { Docker = engine });
        _ = await Applier.ApplyAsync(
            await planner.PlanAsync(Document.Read(Site), CancellationToken.None),
            new ApplyOptions(),
            progress: null,
            CancellationToken.None);
        engine.Changes.Clear();
        var other = Document.Read(Site.Replace("Ext4", "Xfs", System.StringComparison.Ordinal));
        var plan = await planner.PlanAsync(other, CancellationToken.None);
        Assert.Equal(["volume/data", "container/db"], plan.Changes.Select(step => step.Id));
        Assert.Contains("db is stopped meanwhile", plan.Changes.First().Cost);
        var report = await Applier.ApplyAsync(
            plan, new ApplyOptions { AllowReplace = [ResourceKind.Volume] }, progress: null, CancellationToken.None);
        Assert.True(report.Succeeded);
        Assert.Equal(["stop db", "start db"], engine.Changes);
        Assert.False((await planner.PlanAsync(other, CancellationToken.None)).HasChanges);
    }

    [Fact]
    public async Task A_missing_container_is_made_and_started_after_its_volume_and_then_nothing_is_left_to_do()
    {
        Assert.True((await ApplyAsync(Desired)).Succeeded);
        Assert.Equal("running", _engine.Containers["db"].State);
        Assert.Equal("hedvig", _engine.Containers["db"].Specification.Mounts.Single().Driver);
        Assert.False((await PlanAsync(Desired)).HasChanges);
    }

    [Fact]
    public async Task An_image_that_is_not_there_is_pulled_first()
    {
        _engine.Images.Clear();
        Assert.True((await ApplyAsync(Desired)).Succeeded);
        Assert.Equal(["pull redis:7", "create db", "start db"], _engine.Changes);
    }

    [Theory]
    [InlineData("\"A\": \"1\"", "\"A\": \"2\"", "environment.A")]
    [InlineData("\"A\": \"1\"", "\"A\": \"1\", \"B\": \"2\"", "environment.B")]
    [InlineData("{ \"A\": \"1\" }", "{ }", "environment.A")]
    [InlineData("\"team\": \"x\"", "\"team\": \"y\"", "labels.team")]
    [InlineData("\"team\": \"x\"", "", "labels.team")]
    [InlineData("[ \"redis-server\" ]", "[ \"redis-server\", \"--appendonly\", \"yes\" ]", "command")]
    [InlineData("/data\"", "/other\"", "mounts")]
    [InlineData("6379:6379", "6380:6379", "ports")]
    [InlineData("redis:7", "redis:8", "image")]
    [InlineData("\"restart\"", "\"entrypoint\": [ \"/init\" ], \"restart\"", "entrypoint")]
    [InlineData("\"restart\"", "\"user\": 999, \"restart\"", "user")]
    [InlineData("\"restart\"", "\"network\": \"host\", \"restart\"", "network")]
    [InlineData("\"restart\"", "\"stopTimeout\": \"30s\", \"restart\"", "stopTimeout")]
    [InlineData("\"restart\"", "\"workingDir\": \"/srv\", \"restart\"", "workingDir")]
    [InlineData("\"restart\"", "\"hostname\": \"web1\", \"restart\"", "hostname")]
    [InlineData("\"restart\"", "\"health\": { \"test\": \"ping\" }, \"restart\"", "health.test")]
    [InlineData("\"restart\"", "\"health\": { \"interval\": \"5s\" }, \"restart\"", "health.interval")]
    [InlineData("\"restart\"", "\"health\": { \"timeout\": 5 }, \"restart\"", "health.timeout")]
    [InlineData("\"restart\"", "\"health\": { \"startPeriod\": \"1m30s\" }, \"restart\"", "health.startPeriod")]
    [InlineData("\"restart\"", "\"health\": { \"startPeriod\": \"0s\", \"retries\": 9 }, \"restart\"", "health.retries")]
    [InlineData("\"restart\"", "\"health\": { \"retries\": 7 }, \"restart\"", "health.retries")]
    public async Task A_container_that_differs_is_recreated_before_the_old_one_is_touched(string before, string after, string property)
    {
        _ = await ApplyAsync(Desired);
        _engine.Images["redis:8"] = _engine.Images["redis:7"] with { Id = "sha256:eight" };
        _engine.Changes.Clear();
        var changed = Desired.Replace(before, after, StringComparison.Ordinal);
        var step = Assert.Single((await PlanAsync(changed)).Changes);
        Assert.Equal((StepAction.Replace, false, Consent.Replace), (step.Action, step.DestroysData, step.Needs));
        Assert.Equal("It is down while it is recreated; its volumes are kept.", step.Cost);
        Assert.Equal(property, Assert.Single(step.Changes).Property);
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(changed))).Code);
        Assert.Empty(_engine.Changes);
        Assert.True((await ApplyAsync(changed, AllowReplace)).Succeeded);
        Assert.Equal(["create db.hv-next", "stop db", "remove db", "rename db.hv-next db", "start db"], _engine.Changes);
        Assert.False((await PlanAsync(changed)).HasChanges);
    }

    [Fact]
    public async Task Values_of_the_environment_are_never_shown()
    {
        _ = await ApplyAsync(Desired);
        var plan = await PlanAsync(Desired.Replace("\"A\": \"1\"", "\"A\": \"s3cret\"", StringComparison.Ordinal));
        Assert.DoesNotContain(
            plan.Changes.SelectMany(step => step.Changes),
            change => $"{change.Before}{change.After}".Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_image_whose_tag_has_moved_is_a_difference()
    {
        _ = await ApplyAsync(Desired);
        _engine.Images["redis:7"] = _engine.Images["redis:7"] with { Id = "sha256:two" };
        Assert.Equal("image", Assert.Single(Assert.Single((await PlanAsync(Desired)).Changes).Changes).Property);
    }

    [Fact]
    public async Task An_image_that_is_named_by_its_digest_is_pulled_by_it_and_compared_by_it()
    {
        var pinned = Desired.Replace("redis:7", "redis@sha256:" + Digest, StringComparison.Ordinal);
        _ = await ApplyAsync(pinned);
        Assert.Equal("pull redis@sha256:" + Digest, _engine.Changes[0]);
        _engine.Images["redis:7"] = _engine.Images["redis:7"] with { Id = "sha256:two" };
        Assert.False((await PlanAsync(pinned)).HasChanges);
        Assert.Equal(
            "image",
            Assert.Single(
                (await PlanAsync(pinned.Replace(Digest, OtherDigest, StringComparison.Ordinal))).Changes.Single(
                    step => step.Kind == ResourceKind.Container).Changes).Property);
    }

    [Fact]
    public async Task A_restart_policy_is_changed_in_place()
    {
        _ = await ApplyAsync(Desired);
        _engine.Changes.Clear();
        Assert.True((await ApplyAsync(Desired.Replace("always", "no", StringComparison.Ordinal))).Succeeded);
        Assert.DoesNotContain("remove db", _engine.Changes);
        Assert.Equal("no", _engine.Containers["db"].Specification.Restart.Name);
    }

    [Fact]
    public async Task A_container_that_was_stopped_by_hand_is_started_and_one_that_should_be_stopped_is()
    {
        _ = await ApplyAsync(Desired);
        await _engine.StopContainerAsync("db", null, CancellationToken.None);
        Assert.Equal(new PropertyChange("state", "exited", "Running"), Assert.Single((await PlanAsync(Desired)).Changes).Changes.Single());
        _ = await ApplyAsync(Desired);
        Assert.Equal("running", _engine.Containers["db"].State);
        _ = await ApplyAsync(Desired.Replace("\"restart\"", "\"state\": \"Stopped\", \"restart\"", StringComparison.Ordinal));
        Assert.Equal("exited", _engine.Containers["db"].State);
    }

    [Fact]
    public async Task A_container_that_was_paused_goes_on()
    {
        _ = await ApplyAsync(Desired);
        _engine.Containers["db"] = _engine.Containers["db"] with { State = "paused" };
        Assert.Equal(new PropertyChange("state", "paused", "Running"), Assert.Single((await PlanAsync(Desired)).Changes).Changes.Single());
        _engine.Changes.Clear();
        _ = await ApplyAsync(Desired);
        Assert.Equal("unpause db", _engine.Changes[0]);
        Assert.Empty((await PlanAsync(Desired)).Changes);
    }

    [Fact]
    public async Task A_container_is_removed_before_the_volume_that_it_used()
    {
        _ = await ApplyAsync(Desired);
        var plan = await PlanAsync("""{ "volumes": [ { "name": "data", "ensure": "Absent" } ], "docker": { "containers": [ { "name": "db", "ensure": "Absent" } ] } }""");
        Assert.Equal(["container/db", "volume/data"], plan.Changes.Select(step => step.Id));
    }

    [Fact]
    public async Task A_snapshot_of_the_same_document_is_taken_before_the_container_changes()
    {
        _ = await ApplyAsync(Desired);
        var changed = Desired.Replace("\"A\": \"1\"", "\"A\": \"2\"", StringComparison.Ordinal)
            .Replace(
                "\"docker\"", "\"snapshots\": [ { \"volume\": \"data\", \"name\": \"before\" } ], \"docker\"", StringComparison.Ordinal);
        var container = (await PlanAsync(changed)).Steps.First(step => step.Kind == ResourceKind.Container);
        Assert.Contains("snapshot/data@before", container.DependsOn);
    }

    [Fact]
    public async Task Without_an_engine_the_docker_part_is_an_error_unless_the_document_calls_it_optional()
    {
        _engine.Down = true;
        Assert.Equal(ErrorCode.Unreachable, (await Assert.ThrowsAsync<ClusterException>(() => PlanAsync(Desired))).Code);
        var plan = await PlanAsync(Desired.Replace("\"docker\": {", "\"docker\": { \"optional\": true,", StringComparison.Ordinal));
        Assert.Equal(["volume/data"], plan.Steps.Select(step => step.Id));
        Assert.Contains("No Docker Engine answers", Assert.Single(plan.Omissions), StringComparison.Ordinal);
    }

    private Task<Plan> PlanAsync(string json) =>
        new Planner(new PlanTargets(_cluster) { Docker = _engine }).PlanAsync(Document.Read(json), CancellationToken.None);

    private async Task<ApplyReport> ApplyAsync(string json, ApplyOptions? options = null) =>
        await Applier.ApplyAsync(await PlanAsync(json), options ?? new ApplyOptions(), progress: null, CancellationToken.None);

    private static ApplyOptions AllowReplace { get; } = new() { AllowReplace = [ResourceKind.Container] };
}
