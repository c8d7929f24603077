using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

public sealed class PlannerTests
{
    private const string Desired = """
        {
          "policies": [ { "name": "gold", "replicationFactor": 3 } ],
          "volumes": [ { "name": "a", "size": "1GB", "policy": "gold", "protect": true }, { "name": "b", "from": "a", "snapshot": "s" }, { "name": "gone", "ensure": "Absent" } ],
          "snapshots": [ { "volume": "a", "name": "s" } ]
        }
        """;

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task What_is_missing_is_made_in_the_order_of_reference_and_the_second_plan_is_empty()
    {
        var report = await ApplyAsync(Desired);
        Assert.True(report.Succeeded);
        Assert.Equal(["create policy/gold", "create volume/a", "create snapshot/a@s", "create volume/b"], _cluster.Changes);
        var again = await PlanAsync(Desired);
        Assert.False(again.HasChanges);
        Assert.Equal(5, again.Steps.Count);
    }

    [Fact]
    public async Task A_larger_size_is_a_growth_in_place()
    {
        _ = await ApplyAsync(Desired);
        var step = Assert.Single((await PlanAsync(Desired.Replace("\"1GB\"", "\"2GB\"", StringComparison.Ordinal))).Changes);
        Assert.Equal((StepAction.Grow, false), (step.Action, step.DestroysData));
        Assert.Equal(new PropertyChange("size", "1GB", "2GB"), Assert.Single(step.Changes));
    }

    [Fact]
    public async Task A_size_between_two_blocks_is_not_a_difference_for_ever()
    {
        const string Odd = """{ "volumes": [ { "name": "a", "size": 104857601 } ] }""";
        _ = await ApplyAsync(Odd);
        Assert.False((await PlanAsync(Odd)).HasChanges);
    }

    [Fact]
    public async Task A_smaller_size_is_refused_with_both_sizes()
    {
        _ = await ApplyAsync(Desired);
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => PlanAsync(Desired.Replace("\"1GB\"", "\"512MB\"", StringComparison.Ordinal)));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("1GB", error.Message, StringComparison.Ordinal);
        Assert.Contains("512MB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_specified_is_not_changed()
    {
        _ = await ApplyAsync(Desired);
        _cluster.Volumes["a"] = _cluster.Volumes["a"] with
        {
            Description = "by hand",
            Requested = _cluster.Volumes["a"].Requested with { Residence = Residence.Flash },
        };
        Assert.False((await PlanAsync(Desired)).HasChanges);
    }

    [Fact]
    public async Task What_differs_is_changed_in_place_with_before_and_after()
    {
        _ = await ApplyAsync(Desired);
        _cluster.Volumes["a"] = _cluster.Volumes["a"] with { Protected = false };
        _cluster.Policies["gold"] = _cluster.Policies["gold"] with { Requested = VolumeAttributes.None with { ReplicationFactor = 2 } };
        var plan = await PlanAsync(Desired);
        Assert.Equal(["policy/gold", "volume/a"], plan.Changes.Select(step => step.Id));
        Assert.Equal(new PropertyChange("replicationFactor", "2", "3"), plan.Changes.First().Changes.Single());
        Assert.Equal(new PropertyChange("protect", "false", "true"), plan.Changes.Last().Changes.Single());
        Assert.True((await ApplyAsync(Desired)).Succeeded);
        Assert.False((await PlanAsync(Desired)).HasChanges);
    }

    [Fact]
    public async Task What_cannot_be_changed_is_a_replacement_that_needs_consent()
    {
        _ = await ApplyAsync("""{ "volumes": [ { "name": "a", "size": "1GB" } ] }""");
        const string Other = """{ "volumes": [ { "name": "a", "size": "1GB", "fileSystem": "Xfs" } ] }""";
        var step = Assert.Single((await PlanAsync(Other)).Changes);
        Assert.Equal((StepAction.Replace, true), (step.Action, step.DestroysData));
        var changes = _cluster.Changes.Count;
        var error = await Assert.ThrowsAsync<ClusterException>(() => ApplyAsync(Other));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Equal(changes, _cluster.Changes.Count);
        Assert.True((await ApplyAsync(Other, new ApplyOptions { AllowReplace = ApplyOptions.AnyKind })).Succeeded);
        Assert.Equal(VolumeFileSystem.Xfs, _cluster.Volumes["a"].FileSystem);
    }

    [Fact]
    public async Task A_protected_volume_is_neither_replaced_nor_removed()
    {
        _ = await ApplyAsync(Desired);
        Assert.Contains(
            "protected",
            (await Assert.ThrowsAsync<ClusterException>(
                () => PlanAsync("""{ "volumes": [ { "name": "a", "ensure": "Absent" } ] }"""))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "protected",
            (
                await Assert.ThrowsAsync<ClusterException>(
                    () => PlanAsync("""{ "volumes": [ { "name": "a", "size": "1GB", "type": "File" } ] }"""))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_used_is_removed_after_its_users()
    {
        _ = await ApplyAsync("""{ "policies": [ { "name": "p" } ], "volumes": [ { "name": "a", "size": "1GB", "policy": "p" } ], "snapshots": [ { "volume": "a", "name": "s" } ] }""");
        _cluster.Changes.Clear();
        var report = await ApplyAsync("""
            { "policies": [ { "name": "p", "ensure": "Absent" } ], "volumes": [ { "name": "a", "ensure": "Absent" } ], "snapshots": [ { "volume": "a", "name": "s", "ensure": "Absent" } ] }
            """);
        Assert.True(report.Succeeded, string.Join("; ", report.Outcomes.Select(outcome => outcome.Error)));
        Assert.Equal(["delete snapshot/a@s", "delete volume/a", "delete policy/p"], _cluster.Changes);
    }

    [Fact]
    public async Task A_snapshot_of_a_volume_that_is_nowhere_is_an_error()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => PlanAsync("""{ "snapshots": [ { "volume": "nowhere", "name": "s" } ] }"""));
        Assert.Contains("'nowhere'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volumes_that_are_clones_of_each_other_are_an_error_that_names_them()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => PlanAsync("""{ "volumes": [ { "name": "a", "from": "b" }, { "name": "b", "from": "a" } ] }"""));
        Assert.Contains("volume/a", error.Message, StringComparison.Ordinal);
        Assert.Contains("volume/b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"replicationPolicy\": \"RackAware\", ")]
    [InlineData("\"replicationPolicy\": \"Agnostic\", ")]
    [InlineData("")]
    public async Task Data_centers_are_desired_with_any_replication_policy_and_told_not_to_be_given(string policy)
    {
        var plan = await PlanAsync($$"""{ "policies": [ { "name": "sites", {{policy}}"dataCenters": [ "east", "west" ] } ] }""");
        Assert.Contains(
            "dataCenters=east,west is recorded as requested; the engine Embedded does not give it.",
            Assert.Single(plan.Steps).Notes,
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Attributes_that_the_engine_does_not_honour_are_noted()
    {
        var step = (await PlanAsync(Desired)).Steps.First(step => step.Id == "policy/gold");
        Assert.Contains("replicationFactor=3", Assert.Single(step.Notes), StringComparison.Ordinal);
        _cluster.Capabilities = _cluster.Capabilities with { HonouredAttributes = ["replicationFactor"] };
        Assert.Empty((await PlanAsync(Desired)).Steps.First(step => step.Id == "policy/gold").Notes);
    }

    [Fact]
    public async Task A_volume_of_a_type_that_is_not_moved_is_replaced_for_another_placement_and_others_are_changed_in_place()
    {
        PlaceFilesForGood();
        foreach (var (name, type) in new[] { ("files", VolumeType.File), ("disk", VolumeType.Block) })
        {
            _cluster.Volumes[name] = new Volume
            {
                Name = name, Type = type, Size = ByteSize.FromGigabytes(1), Requested = new VolumeAttributes { ReplicationFactor = 2 },
            };
        }

        const string Json = """
            { "volumes": [
                { "name": "files", "size": "1GB", "type": "File", "replicationFactor": 3 },
                { "name": "disk", "size": "1GB", "replicationFactor": 3 } ] }
            """;
        var plan = await PlanAsync(Json);
        var files = plan.Steps.First(step => step.Id == "volume/files");
        Assert.Equal((StepAction.Replace, true), (files.Action, files.DestroysData));
        Assert.Equal(StepAction.Update, plan.Steps.First(step => step.Id == "volume/disk").Action);
        Assert.Equal(
            StepAction.None,
            (await PlanAsync("""{ "volumes": [ { "name": "files", "size": "1GB", "replicationFactor": 2 } ] }""")).Steps[0].Action);
        Assert.Equal(
            StepAction.Update, (await PlanAsync("""{ "volumes": [ { "name": "files", "size": "1GB", "cacheEnabled": true } ] }""")).Steps[0].Action);
    }

    [Fact]
    public async Task A_policy_that_changes_tells_which_of_its_volumes_stay_as_they_are()
    {
        PlaceFilesForGood();
        _cluster.Policies["gold"] = new Policy { Name = "gold", Requested = new VolumeAttributes { ReplicationFactor = 2 }, VolumeCount = 2 };
        _cluster.Volumes["files"] = new Volume { Name = "files", Type = VolumeType.File, Size = 1 << 30, Policy = "gold" };
        _cluster.Volumes["disk"] = new Volume { Name = "disk", Size = 1 << 30, Policy = "gold" };
        var step = Assert.Single((await PlanAsync("""{ "policies": [ { "name": "gold", "replicationFactor": 3 } ] }""")).Steps);
        Assert.Equal(StepAction.Update, step.Action);
        Assert.Contains("Volumes of type File that have it stay as they are", Assert.Single(step.Notes), StringComparison.Ordinal);
        Assert.Empty((await PlanAsync("""{ "policies": [ { "name": "gold", "cacheEnabled": false } ] }""")).Steps[0].Notes);

        var other = (await PlanAsync("""
            { "policies": [ { "name": "silver" } ],
              "volumes": [ { "name": "files", "size": "1GB", "policy": "silver" },
                { "name": "disk", "size": "1GB", "policy": "silver" } ] }
            """)).Steps;
        Assert.Contains("Its data stays where it is", Assert.Single(other.First(one => one.Id == "volume/files").Notes), StringComparison.Ordinal);
        Assert.Empty(other.First(one => one.Id == "volume/disk").Notes);
    }

    [Fact]
    public async Task Ten_thousand_volumes_are_listed_in_pages_and_never_asked_for_one_by_one()
    {
        var json = new StringBuilder("""{ "volumes": [ """);
        for (var i = 0; i < 10_000; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"v{i}");
            _cluster.Volumes[name] = new Volume { Name = name, Size = ByteSize.FromGigabytes(1) };
            _ = json.Append(i == 0 ? string.Empty : ",")
                .Append(CultureInfo.InvariantCulture, $$"""{ "name": "{{name}}", "size": "1GB" }""");
        }

        var plan = await PlanAsync(json.Append("] }").ToString());
        Assert.False(plan.HasChanges);
        Assert.Equal(10, _cluster.Listings);
    }

    private void PlaceFilesForGood() => _cluster.Capabilities = _cluster.Capabilities with
    {
        Engine = "Ceph",
        HonouredAttributes = ["replicationFactor"],
        FixedPlacementTypes = [VolumeType.File],
    };

    private Task<Plan> PlanAsync(string json) =>
        new Planner(new PlanTargets(_cluster)).PlanAsync(Document.Read(json), CancellationToken.None);

    private async Task<ApplyReport> ApplyAsync(string json, ApplyOptions? options = null) =>
        await Applier.ApplyAsync(await PlanAsync(json), options ?? new ApplyOptions(), progress: null, CancellationToken.None);
}
