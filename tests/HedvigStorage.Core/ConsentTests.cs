using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>What a plan does only if somebody has allowed it.</summary>
public sealed class ConsentTests
{
    private const string Before = """
        {
          "name": "site",
          "volumes": [ { "name": "source", "size": "1GB" }, { "name": "a", "size": "1GB", "type": "Block", "fileSystem": "Ext4", "uid": 1, "gid": 1, "mode": "0755" } ],
          "snapshots": [ { "volume": "source", "name": "s" }, { "volume": "a", "name": "kept" } ],
          "access": [ { "volume": "a", "target": "t", "type": "ip", "address": "10.0.0.7" } ]
        }
        """;

    private readonly PlanSite _site = new();

    [Theory]
    [InlineData("type", "\"type\": \"Block\"", "\"type\": \"File\"")]
    [InlineData("fileSystem", "\"fileSystem\": \"Ext4\"", "\"fileSystem\": \"Xfs\"")]
    [InlineData("uid", "\"uid\": 1", "\"uid\": 2")]
    [InlineData("gid", "\"gid\": 1", "\"gid\": 2")]
    [InlineData("mode", "\"mode\": \"0755\"", "\"mode\": \"0700\"")]
    [InlineData("from", "\"uid\": 1, \"gid\": 1, \"mode\": \"0755\"", "\"from\": \"source\"")]
    [InlineData("snapshot", "\"uid\": 1, \"gid\": 1, \"mode\": \"0755\"", "\"from\": \"source\", \"snapshot\": \"s\"")]
    public async Task What_cannot_be_changed_in_place_is_a_replacement_that_is_refused_and_with_consent_done(
        string property, string before, string after)
    {
        await _site.ConvergeAsync(Before);
        var other = Before.Replace(before, after, StringComparison.Ordinal);
        var step = (await _site.PlanAsync(other)).Changes.First();
        Assert.Equal(("volume/a", StepAction.Replace, Consent.Replace, true), (step.Id, step.Action, step.Needs, step.DestroysData));
        Assert.Contains(property, step.Changes.Select(change => change.Property));
        Assert.Contains("All data of the volume", step.Cost);
        var id = _site.Cluster.Volumes["a"].Id;
        var changes = _site.Cluster.Changes.Count;
        foreach (var options in new ApplyOptions[] { new(), new() { AllowRemove = true }, new() { AllowReplace = [ResourceKind.Container] } })
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(other, options));
            Assert.Equal(ErrorCode.Refused, error.Code);
            Assert.Contains("volume/a would be replaced", error.Message);
            Assert.Contains(property, error.Message);
        }

        Assert.Equal((changes, id), (_site.Cluster.Changes.Count, _site.Cluster.Volumes["a"].Id));
        await _site.ConvergeAsync(other, new ApplyOptions { AllowReplace = [ResourceKind.Volume] });
        Assert.NotEqual(id, _site.Cluster.Volumes["a"].Id);
        Assert.False((await _site.PlanAsync(other)).HasChanges);
    }

    [Fact]
    public async Task What_goes_with_a_replaced_volume_is_made_again_in_the_same_run()
    {
        await _site.ConvergeAsync(Before);
        await _site.ConvergeAsync(Before.Replace("Ext4", "Xfs", StringComparison.Ordinal), PlanSite.Everything);
        Assert.Contains("a@kept", _site.Cluster.Snapshots.Keys);
        Assert.Equal("10.0.0.7", _site.Cluster.FakeAccess.Rules.Single().Address);
    }

    [Fact]
    public async Task A_volume_that_somebody_else_has_given_access_to_is_not_removed()
    {
        await _site.ConvergeAsync(Before);
        await _site.Cluster.FakeAccess.AddRuleAsync(
            new AccessRule { Volume = "a", Target = "t", Type = AccessRuleType.Ip, Address = "10.0.0.8" }, default);
        var report = await _site.ApplyAsync(Before.Replace("Ext4", "Xfs", StringComparison.Ordinal), PlanSite.Everything);
        Assert.Contains("mapped or exported", report.Outcomes.Single(outcome => outcome.Step.Id == "volume/a").Error);
        Assert.Equal(VolumeFileSystem.Ext4, _site.Cluster.Volumes["a"].FileSystem);
    }

    [Fact]
    public async Task On_a_cluster_that_changes_nothing_in_place_another_attribute_is_a_replacement()
    {
        _site.Cluster.Capabilities = new ClusterCapabilities { Engine = "Hedvig" };
        await _site.ConvergeAsync("""{ "volumes": [ { "name": "a", "size": "1GB", "replicationFactor": 3 } ] }""");
        var step = Assert.Single(
            (await _site.PlanAsync("""{ "volumes": [ { "name": "a", "size": "1GB", "replicationFactor": 2 } ] }""")).Changes);
        Assert.Equal((StepAction.Replace, Consent.Replace), (step.Action, step.Needs));
    }

    [Fact]
    public async Task What_the_document_makes_absent_needs_no_other_consent_and_its_cost_is_said()
    {
        await _site.ConvergeAsync(Before);
        var step = (await _site.PlanAsync("""{ "name": "site", "volumes": [ { "name": "a", "ensure": "Absent" } ] }""")).Changes.Single();
        Assert.Equal((StepAction.Remove, Consent.None, true), (step.Action, step.Needs, step.DestroysData));
        Assert.Contains("All data of the volume", step.Cost);
    }
}
