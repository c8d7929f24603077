using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>Whose an object is, and what a document does with what is its own, another's or nobody's.</summary>
public sealed class OwnershipTests
{
    private const string Site = """
        {
          "name": "site",
          "policies": [ { "name": "gold", "replicationFactor": 3 } ],
          "volumes": [ { "name": "a", "size": "1GB", "policy": "gold" }, { "name": "b", "size": "1GB" } ],
          "snapshots": [ { "volume": "a", "name": "s" } ],
          "access": [ { "volume": "a", "target": "t", "type": "ip", "address": "10.0.0.7" } ]
        }
        """;

    private readonly PlanSite _site = new();

    [Fact]
    public async Task What_a_document_with_a_name_makes_carries_its_label()
    {
        await _site.ConvergeAsync(Site);
        IReadOnlyDictionary<string, string>[] labels =
            [_site.Cluster.Policies["gold"].Labels, _site.Cluster.Volumes["a"].Labels, _site.Cluster.Snapshots["a@s"].Labels, _site.Cluster.FakeAccess.Rules.Single().Labels];
        Assert.All(labels, own => Assert.Equal("site", own["io.hedvigstorage.document"]));
    }

    [Fact]
    public async Task What_a_document_without_a_name_makes_carries_no_label()
    {
        await _site.ConvergeAsync(Site.Replace("\"name\": \"site\",", string.Empty, System.StringComparison.Ordinal));
        Assert.Empty(_site.Cluster.Volumes["a"].Labels);
    }

    [Fact]
    public async Task What_is_there_as_desired_and_nobodys_is_adopted_without_another_change()
    {
        await _site.ConvergeAsync(Site.Replace("\"name\": \"site\",", string.Empty, System.StringComparison.Ordinal));
        _site.Cluster.Changes.Clear();
        var plan = await _site.PlanAsync(Site);
        Assert.All(plan.Steps, step => Assert.Equal(StepAction.Adopt, step.Action));
        await _site.ConvergeAsync(Site);
        Assert.All(_site.Cluster.Changes, change => Assert.StartsWith("label ", change, System.StringComparison.Ordinal));
        Assert.False((await _site.PlanAsync(Site)).HasChanges);
    }

    [Theory]
    [InlineData("""{ "name": "other", "policies": [ { "name": "gold" } ] }""", "policy/gold")]
    [InlineData("""{ "name": "other", "volumes": [ { "name": "b", "size": "1GB" } ] }""", "volume/b")]
    [InlineData("""{ "name": "other", "volumes": [ { "name": "b", "ensure": "Absent" } ] }""", "volume/b")]
    [InlineData("""{ "name": "other", "snapshots": [ { "volume": "a", "name": "s" } ] }""", "snapshot/a@s")]
    [InlineData(
        """{ "name": "other", "access": [ { "volume": "a", "target": "t", "type": "ip", "address": "10.0.0.7" } ] }""",
        "access/a/t/10.0.0.7")]
    public async Task An_object_of_another_document_is_refused_naming_both(string document, string id)
    {
        await _site.ConvergeAsync(Site);
        var changes = _site.Cluster.Changes.Count;
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(document, PlanSite.Everything));
        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains(id, error.Message);
        Assert.Contains("'site'", error.Message);
        Assert.Contains("'other'", error.Message);
        Assert.Equal(changes, _site.Cluster.Changes.Count);
    }

    [Fact]
    public async Task A_document_without_a_name_may_describe_anothers_object_as_it_is_and_not_change_it()
    {
        await _site.ConvergeAsync(Site);
        Assert.False((await _site.PlanAsync("""{ "volumes": [ { "name": "b", "size": "1GB" } ] }""")).HasChanges);
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => _site.PlanAsync("""{ "volumes": [ { "name": "b", "size": "2GB" } ] }"""));
        Assert.Contains("'site'", error.Message);
        Assert.Contains("test.json", error.Message);
    }

    [Fact]
    public async Task A_difference_is_told_apart_by_whether_the_document_has_changed()
    {
        await _site.ConvergeAsync(Site);
        var cluster = _site.Cluster;
        cluster.Policies["gold"] = cluster.Policies["gold"] with { Requested = new VolumeAttributes { ReplicationFactor = 2 } };
        var drift = Assert.Single((await _site.PlanAsync(Site)).Changes);
        Assert.Equal(("policy/gold", ChangeCause.Drift), (drift.Id, drift.Cause));
        var changed = Assert.Single(
            (await _site.PlanAsync(
                Site.Replace("\"replicationFactor\": 3", "\"replicationFactor\": 4", System.StringComparison.Ordinal))).Changes);
        Assert.Equal(ChangeCause.Document, changed.Cause);
        await _site.ConvergeAsync(Site.Replace("\"replicationFactor\": 3", "\"replicationFactor\": 4", System.StringComparison.Ordinal));
        cluster.Policies["gold"] = cluster.Policies["gold"] with { Requested = new VolumeAttributes { ReplicationFactor = 2 } };
        var again = Assert.Single(
            (await _site.PlanAsync(
                Site.Replace("\"replicationFactor\": 3", "\"replicationFactor\": 4", System.StringComparison.Ordinal))).Changes);
        Assert.Equal(ChangeCause.Drift, again.Cause);
    }

    [Fact]
    public async Task A_volume_that_was_grown_elsewhere_is_told_of_once_and_stays_as_large()
    {
        await _site.ConvergeAsync(Site);
        var cluster = _site.Cluster;
        cluster.Volumes["b"] = cluster.Volumes["b"] with { Size = ByteSize.FromGigabytes(2) };
        var step = Assert.Single((await _site.PlanAsync(Site)).Changes);
        Assert.Equal(("volume/b", StepAction.Adopt, ChangeCause.Drift), (step.Id, step.Action, step.Cause));
        Assert.Contains("grown to 2GB outside the document, which asks for 1GB", step.Reason);
        await _site.ConvergeAsync(Site);
        Assert.False((await _site.PlanAsync(Site)).HasChanges);
        Assert.Equal(2L << 30, cluster.Volumes["b"].Size);

        // To ask for less than before is not the same as not to know of the growth.
        var smaller = Site.Replace("\"b\", \"size\": \"1GB\"", "\"b\", \"size\": \"512MB\"", System.StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync(smaller));
        Assert.Contains("is 2GB and the document asks for 512MB", error.Message);
    }

    [Fact]
    public async Task What_is_forgotten_stays_and_can_be_another_documents()
    {
        await _site.ConvergeAsync(Site);
        var forgets = Site.Replace(
            "{ \"name\": \"b\", \"size\": \"1GB\" }", "{ \"name\": \"b\", \"ensure\": \"Forgotten\" }", System.StringComparison.Ordinal);
        var step = Assert.Single((await _site.PlanAsync(forgets)).Changes);
        Assert.Equal(("volume/b", StepAction.Forget), (step.Id, step.Action));
        await _site.ConvergeAsync(forgets);
        Assert.False((await _site.PlanAsync(forgets)).HasChanges);
        Assert.Empty(_site.Cluster.Volumes["b"].Labels);
        await _site.ConvergeAsync("""{ "name": "other", "volumes": [ { "name": "b", "size": "2GB" } ] }""");
        Assert.Equal("other", _site.Cluster.Volumes["b"].Labels["io.hedvigstorage.document"]);
        Assert.False((await _site.PlanAsync(forgets)).HasChanges);
    }

    [Fact]
    public async Task What_the_document_no_longer_describes_is_told_of_and_stays()
    {
        await _site.ConvergeAsync(Site);
        var plan = await _site.PlanAsync("""{ "name": "site" }""");
        Assert.False(plan.HasChanges);
        Assert.Equal(
            ["access/a/t/10.0.0.7", "policy/gold", "snapshot/a@s", "volume/a", "volume/b"],
            plan.Orphans.Select(orphan => orphan.ToString()).Order(System.StringComparer.Ordinal));
    }

    [Fact]
    public async Task Pruning_removes_what_this_document_made_and_nothing_else_and_needs_consent()
    {
        await _site.ConvergeAsync(Site);
        await _site.ConvergeAsync(
            """{ "name": "other", "policies": [ { "name": "theirs" } ], "volumes": [ { "name": "theirs", "size": "1GB" } ] }""");
        await _site.ConvergeAsync("""{ "volumes": [ { "name": "nobodys", "size": "1GB" } ] }""");
        const string Nothing = """{ "name": "site" }""";
        var plan = await _site.PlanAsync(Nothing, prune: true);
        Assert.All(plan.Changes, step => Assert.Equal((StepAction.Remove, Consent.Remove), (step.Action, step.Needs)));
        var changes = _site.Cluster.Changes.Count;
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(Nothing, prune: true));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("All data of the volume", error.Message);
        Assert.Equal(changes, _site.Cluster.Changes.Count);
        await _site.ConvergeAsync(Nothing, new ApplyOptions { AllowRemove = true }, prune: true);
        Assert.Equal(["nobodys", "theirs"], _site.Cluster.Volumes.Keys);
        Assert.Equal(["theirs"], _site.Cluster.Policies.Keys);
        Assert.Empty(_site.Cluster.Snapshots);
        Assert.Empty(_site.Cluster.FakeAccess.Rules);
        Assert.Empty(_site.Cluster.FakeAccess.Luns);
    }

    [Fact]
    public async Task A_protected_orphan_is_not_pruned_and_that_is_said()
    {
        await _site.ConvergeAsync("""{ "name": "site", "volumes": [ { "name": "a", "size": "1GB", "protect": true } ] }""");
        var plan = await _site.PlanAsync("""{ "name": "site" }""", prune: true);
        Assert.False(plan.HasChanges);
        Assert.Contains("volume/a is not pruned: it is protected.", plan.Omissions);
    }

    [Fact]
    public async Task What_the_document_still_uses_is_not_pruned()
    {
        await _site.ConvergeAsync(Site);
        var plan = await _site.PlanAsync("""{ "name": "site", "volumes": [ { "name": "b", "size": "1GB", "policy": "gold" } ], "snapshots": [ { "volume": "a", "name": "s" } ] }""", prune: true);
        Assert.DoesNotContain(plan.Changes, step => step.Id is "policy/gold" or "volume/a");
        Assert.Equal(2, plan.Omissions.Count);
    }

    [Fact]
    public async Task Pruning_without_a_name_is_refused()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync("{ }", prune: true));
        Assert.Contains("has no name", error.Message);
    }

    [Fact]
    public async Task On_a_cluster_that_keeps_no_labels_nothing_is_adopted_and_pruning_is_refused()
    {
        _site.Cluster.Capabilities = _site.Cluster.Capabilities with { Labels = false };
        await _site.ConvergeAsync(Site);
        Assert.Empty(_site.Cluster.Volumes["a"].Labels);
        Assert.False((await _site.PlanAsync(Site)).HasChanges);
        Assert.Equal(ErrorCode.Unsupported, (await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync(Site, prune: true))).Code);
    }
}
