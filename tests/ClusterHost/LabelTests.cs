using System.Text.Json.Nodes;
using HedvigStorage.Client.Cluster;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Labels, by the product's own client and on the wire.</summary>
public sealed class LabelTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Dictionary<string, string> Mine = new(StringComparer.Ordinal)
    {
        ["hedvig/owner"] = "döc",
        ["b"] = string.Empty,
    };

    private readonly TemporaryDirectory _directory = new();
    private InProcessHost _host = null!;
    private HedvigCluster _cluster = null!;

    private RestClient Client => _host.Client;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_made_with_labels_has_them_in_every_listing_and_after_a_restart()
    {
        await MakeAllAsync();
        for (var start = 0; start < 2; start++)
        {
            Assert.Equal(Mine, (await VolumeAsync("v")).Labels);
            Assert.Equal(Mine, (await _cluster.FindVolumeAsync("v", None))!.Labels);
            Assert.Equal(Mine, (await SnapshotsAsync()).Single().Labels);
            Assert.Equal(Mine, (await _cluster.ListPoliciesAsync(None)).Single().Labels);
            await StopAsync();
            await StartAsync();
        }
    }

    [Fact]
    public async Task The_same_create_with_other_labels_succeeds_and_leaves_the_labels_as_they_are()
    {
        await MakeAllAsync();
        var other = new Dictionary<string, string>(StringComparer.Ordinal) { ["other"] = "x" };
        await MakeAllAsync(other);
        Assert.Equal(Mine, (await VolumeAsync("v")).Labels);
        Assert.Equal(Mine, (await SnapshotsAsync()).Single().Labels);
        Assert.Equal(Mine, (await _cluster.ListPoliciesAsync(None)).Single().Labels);
    }

    [Fact]
    public async Task A_clone_has_the_labels_that_it_is_made_with_and_none_of_its_source()
    {
        await MakeAllAsync();
        Assert.Empty((await _cluster.CreateVolumeAsync(new VolumeSpecification { Name = "plain", SourceVolume = "v" }, None)).Labels);
        var own = new Dictionary<string, string>(StringComparer.Ordinal) { ["own"] = "yes" };
        Assert.Equal(
            own,
            (
                await _cluster.CreateVolumeAsync(
                    new VolumeSpecification { Name = "c", SourceVolume = "v", SourceSnapshot = "s", Labels = own }, None)).Labels);
        Assert.Equal(own, (await VolumeAsync("c")).Labels);
        Assert.Equal(Mine, (await VolumeAsync("v")).Labels);
    }

    [Fact]
    public async Task Setting_labels_changes_those_that_are_named_takes_away_what_is_null_and_leaves_the_others()
    {
        await MakeAllAsync();
        await _cluster.Access.CreateTargetAsync(new Target { Name = "p1" }, None);
        var rule = new AccessRule { Volume = "v", Target = "p1", Type = AccessRuleType.Iqn, Address = "iqn.1993-08.org.debian:01:web1" };
        await _cluster.Access.AddRuleAsync(rule, None);
        await _cluster.Access.AddRuleAsync(rule with { Address = "iqn.1993-08.org.debian:01:web2" }, None);
        await _cluster.SetLabelsAsync(LabelledObject.AccessRule(rule), Mine!, None);
        var changes = new Dictionary<string, string?>(StringComparer.Ordinal) { ["b"] = null, ["new"] = "1", ["never"] = null };
        var expected = new Dictionary<string, string>(StringComparer.Ordinal) { ["hedvig/owner"] = "döc", ["new"] = "1" };

        foreach (var item in new[] { LabelledObject.OfVolume("v"), LabelledObject.Policy("p"), LabelledObject.Snapshot(
            "v", "s"), LabelledObject.AccessRule(rule) })
        {
            await _cluster.SetLabelsAsync(item, changes, None);
            await _cluster.SetLabelsAsync(item, changes, None);
        }

        Assert.Equal(expected, (await VolumeAsync("v")).Labels);
        Assert.Equal(expected, (await SnapshotsAsync()).Single().Labels);
        Assert.Equal(expected, (await _cluster.ListPoliciesAsync(None)).Single().Labels);

        // The rule that is added again is the same; the one beside it has none.
        await _cluster.Access.AddRuleAsync(rule, None);
        var rules = (await _cluster.Access.ListAllAsync(None)).Rules;
        Assert.Equal(expected, rules[0].Labels);
        Assert.Empty(rules[1].Labels);
        Assert.DoesNotContain(
            "labels",
            (await Client.OkAsync("GetACLInformation", new JsonObject { ["virtualDisk"] = "v" }))!.ToJsonString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_are_gone_with_their_object()
    {
        await MakeAllAsync();
        await _cluster.Access.CreateTargetAsync(new Target { Name = "p1" }, None);
        var rule = new AccessRule { Volume = "v", Target = "p1", Type = AccessRuleType.Ip, Address = "192.0.2.1" };
        await _cluster.Access.AddRuleAsync(rule, None);
        await _cluster.SetLabelsAsync(LabelledObject.AccessRule(rule), Mine!, None);
        await _cluster.Access.RemoveRuleAsync("v", "p1", "192.0.2.1", None);
        await _cluster.DeleteSnapshotAsync("v", "s", None);
        await _cluster.DeletePolicyAsync("p", None);
        await _cluster.Access.AddRuleAsync(rule, None);
        await MakeAllAsync(ObjectLabels.None);
        Assert.Empty((await _cluster.Access.ListAllAsync(None)).Rules.Single().Labels);
        Assert.Empty((await SnapshotsAsync()).Single().Labels);
        Assert.Empty((await _cluster.ListPoliciesAsync(None)).Single().Labels);
        await _cluster.DeleteVolumeAsync("v", None);
        await MakeAllAsync(ObjectLabels.None);
        Assert.Empty((await VolumeAsync("v")).Labels);
    }

    [Fact]
    public async Task Labels_of_what_is_not_there_are_not_found()
    {
        await MakeAllAsync();
        var rule = new AccessRule { Volume = "v", Target = "p1", Address = "192.0.2.1" };
        foreach (var item in new[] { LabelledObject.OfVolume("w"), LabelledObject.Policy("w"), LabelledObject.Snapshot(
            "v", "w"), LabelledObject.Snapshot("w", "s"), LabelledObject.AccessRule(rule) })
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => _cluster.SetLabelsAsync(item, Mine!, None));
            Assert.Equal(ErrorCode.NotFound, error.Code);
        }
    }

    [Fact]
    public async Task More_than_32_labels_in_all_are_refused_and_nothing_changes()
    {
        await MakeAllAsync();
        var many = Enumerable.Range(0, 31).ToDictionary(number => $"l{number}", _ => (string?)"x", StringComparer.Ordinal);
        var error = await Assert.ThrowsAsync<ClusterException>(() => _cluster.SetLabelsAsync(LabelledObject.OfVolume("v"), many, None));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("33", error.Message, StringComparison.Ordinal);
        Assert.Equal(Mine, (await VolumeAsync("v")).Labels);
        many["b"] = null;
        await _cluster.SetLabelsAsync(LabelledObject.OfVolume("v"), many, None);
        Assert.Equal(32, (await VolumeAsync("v")).Labels.Count);
    }

    [Theory]
    [InlineData("""{"kind":"Snapshot","name":"s","labels":{}}""", "'virtualDisk'")]
    [InlineData("""{"kind":"AccessRule","name":"192.0.2.1","virtualDisk":"v","labels":{}}""", "'target'")]
    [InlineData("""{"kind":"Volume","name":"v","labels":{"a b":"x"}}""", "'a b' is not a valid name of a label")]
    [InlineData("""{"kind":"Volume","name":"v","labels":{"a":{}}}""", "the label 'a' is an object")]
    [InlineData("""{"kind":"Target","name":"v","labels":{}}""", "Policy or Volume or Snapshot or AccessRule")]
    public async Task What_is_wrong_with_a_request_for_labels_is_told(string parameters, string told)
    {
        await MakeAllAsync();
        Assert.Contains(
            told, await Client.FailAsync("InvalidArgument", "SetLabels", JsonNode.Parse(parameters)!.AsObject()), StringComparison.Ordinal);
        Assert.Equal(Mine, (await VolumeAsync("v")).Labels);
    }

    [Fact]
    public async Task The_access_to_all_volumes_is_one_list_and_a_volume_that_is_gone_is_not_in_it()
    {
        var access = _cluster.Access;
        Assert.Empty((await access.ListAllAsync(None)).Rules);
        foreach (var name in new[] { "b", "a", "gone" })
        {
            _ = await _cluster.CreateVolumeAsync(new VolumeSpecification { Name = name, Size = ByteSize.FromMegabytes(16) }, None);
        }

        _ = await _cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "f", Size = ByteSize.FromMegabytes(16), Type = VolumeType.File }, None);
        _ = await access.CreateTargetAsync(new Target { Name = "p1" }, None);
        _ = await access.CreateTargetAsync(new Target { Name = "n1", Protocol = TargetProtocol.Nfs }, None);
        var luns =
            new[] { await access.AddLunAsync("b", "p1", readOnly: true, None), await access.AddLunAsync("a", "p1", readOnly: false, None) };
        var export = await access.AddExportAsync("f", "n1", None);
        foreach (var volume in new[] { "gone", "b", "a" })
        {
            await access.AddRuleAsync(
                new AccessRule { Volume = volume, Target = "p1", Type = AccessRuleType.Ip, Address = "192.0.2.1" }, None);
        }

        await access.AddRuleAsync(new AccessRule { Volume = "f", Target = "n1", Type = AccessRuleType.Host, Address = "web1" }, None);
        await _cluster.DeleteVolumeAsync("gone", None);

        var list = await access.ListAllAsync(None);
        Assert.Equal([luns[1], luns[0]], list.Luns);
        Assert.Equal([export], list.Exports);
        Assert.Equal(
            ["a through p1 by 192.0.2.1", "b through p1 by 192.0.2.1", "f through n1 by web1"],
            list.Rules.Select(rule => rule.ToString()),
            StringComparer.Ordinal);
        Assert.Equal([AccessRuleType.Ip, AccessRuleType.Ip, AccessRuleType.Host], list.Rules.Select(rule => rule.Type));
    }

    [Fact]
    public async Task A_hundred_thousand_access_rules_are_one_answer()
    {
        const int Portions = 20;
        const int Portion = 5000;
        await MakeAllAsync();
        _ = await _cluster.Access.CreateTargetAsync(new Target { Name = "p1" }, None);
        for (var portion = 0; portion < Portions; portion++)
        {
            var addresses = Enumerable.Range(0, Portion).Select(number => (JsonNode)$"iqn.1993-08.org.debian:01:{portion:x4}{number:x4}")
                .ToArray();
            await Client.OkAsync(
                "PersistACLAccess",
                new JsonObject
                {
                    ["virtualDisks"] = new JsonArray("v"),
                    ["host"] = "p1",
                    ["type"] = "iqn",
                    ["address"] = new JsonArray(addresses),
                });
        }

        var rules = (await _cluster.Access.ListAllAsync(None)).Rules;
        Assert.Equal(Portions * Portion, rules.Count);
        Assert.Equal("v through p1 by iqn.1993-08.org.debian:01:00131387", rules[^1].ToString());
    }

    private async Task StartAsync()
    {
        _host = await InProcessHost.StartAsync(_directory["data"]);
        _cluster = _host.Connect();
    }

    private async Task StopAsync()
    {
        _cluster.Dispose();
        await _host.DisposeAsync();
    }

    private async Task MakeAllAsync(IReadOnlyDictionary<string, string>? labels = null)
    {
        labels ??= Mine;
        _ = await _cluster.CreatePolicyAsync(new PolicySpecification { Name = "p", Labels = labels }, None);
        _ = await _cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16), Labels = labels }, None);
        _ = await _cluster.CreateSnapshotAsync("v", "s", labels, None);
    }

    private async Task<Volume> VolumeAsync(string name) =>
        (await _cluster.ListVolumesAsync(new VolumeQuery(), None)).Items.Single(volume => volume.Name == name);

    private async Task<IReadOnlyList<Snapshot>> SnapshotsAsync() => (await _cluster.ListSnapshotsAsync(new SnapshotQuery(), None)).Items;
}
