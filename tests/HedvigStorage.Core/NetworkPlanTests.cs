using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>Networks and volumes of the Docker Engine: nothing of one can be changed in place.</summary>
public sealed class NetworkPlanTests : IDisposable
{
    private const string Member = "{ 'containers': [ { 'name': 'app', 'image': 'app:1', 'network': 'backend' } ] }";
    private const string Described =
        "{ 'networks': [ { 'name': 'backend', 'internal': true } ], 'containers': [ { 'name': 'app', 'image': 'app:1', 'network': "
            + "'backend' } ] }";

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    private static ApplyOptions AllowReplace { get; } = new() { AllowReplace = ApplyOptions.AnyKind };

    [Fact]
    public async Task A_network_that_a_container_names_is_made_before_it()
    {
        Assert.True((await _site.ApplyAsync(Member)).Succeeded);
        Assert.Equal(["create network backend", "create app", "start app"], _site.Engine.Changes);
        Assert.Equal("bridge", _site.Engine.Networks["backend"].Driver);
        Assert.False((await _site.PlanAsync(Member)).HasChanges);
    }

    [Fact]
    public async Task A_network_that_is_there_is_used_whoever_made_it()
    {
        _ = await _site.Engine.CreateNetworkAsync(
            new NetworkSpecification { Name = "backend", Driver = "macvlan" }, CancellationToken.None);
        Assert.Equal(["container/app"], (await _site.PlanAsync(Member)).Changes.Select(step => step.Id));
    }

    [Theory]
    [InlineData("'internal': true", "internal")]
    [InlineData("'driver': 'ipvlan'", "driver")]
    [InlineData("'labels': { 'team': 'x' }", "labels.team")]
    public async Task A_network_that_differs_is_recreated_with_its_containers_and_only_with_consent(string property, string changed)
    {
        _ = await _site.ApplyAsync(Member);
        _site.Engine.Changes.Clear();
        var desired = Described.Replace("'internal': true", property, StringComparison.Ordinal);
        var plan = await _site.PlanAsync(desired);
        Assert.Equal(
            [("network/backend", StepAction.Replace), ("container/app", StepAction.Replace)],
            plan.Changes.Select(step => (step.Id, step.Action)));
        Assert.Equal(changed, plan.Changes.First().Changes.Single().Property);
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(desired))).Code);
        Assert.Empty(_site.Engine.Changes);
        Assert.True((await _site.ApplyAsync(desired, options: AllowReplace)).Succeeded);
        Assert.False((await _site.PlanAsync(desired)).HasChanges);
        Assert.Equal("running", _site.Engine.Containers["app"].State);
    }

    [Fact]
    public async Task A_network_with_containers_that_the_document_does_not_describe_is_not_recreated()
    {
        _ = await _site.ApplyAsync(Member);
        _ = await _site.ApplyAsync(Member.Replace("'app'", "'stranger'", StringComparison.Ordinal), name: "other");
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync(Described));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains("connected to it: stranger.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_whose_network_was_recreated_by_hand_is_recreated_since_it_could_not_be_started()
    {
        _ = await _site.ApplyAsync(Member);
        await _site.Engine.StopContainerAsync("app", null, CancellationToken.None);
        await _site.Engine.RemoveNetworkAsync("backend", CancellationToken.None);
        Assert.Equal(
            [("network/backend", StepAction.Create), ("container/app", StepAction.Replace)],
            (await _site.PlanAsync(Member)).Changes.Select(step => (step.Id, step.Action)));
        _ = await _site.Engine.CreateNetworkAsync(new NetworkSpecification { Name = "backend" }, CancellationToken.None);
        Assert.Contains((await _site.PlanAsync(Member)).Changes.Single().Changes, change => change.Property == "network");
        Assert.True((await _site.ApplyAsync(Member, options: AllowReplace)).Succeeded);
        Assert.False((await _site.PlanAsync(Member)).HasChanges);
    }

    [Fact]
    public async Task A_network_is_removed_after_its_containers()
    {
        _ = await _site.ApplyAsync(Member);
        var plan = await _site.PlanAsync(
            "{ 'networks': [ { 'name': 'backend', 'ensure': 'Absent' } ], 'containers': [ { 'name': 'app', 'ensure': 'Absent' } ] }");
        Assert.Equal(["container/app", "network/backend"], plan.Changes.Select(step => step.Id));
        Assert.All(plan.Changes, step => Assert.Equal(Consent.None, step.Needs));
    }

    [Theory]
    [InlineData("'driver': 'other'", "driver")]
    [InlineData("'options': { 'type': 'tmpfs' }", "options.type")]
    [InlineData("'labels': { 'team': 'x' }", "labels.team")]
    public async Task A_volume_of_the_engine_that_differs_is_recreated_only_with_consent_for_its_data_is_lost(
        string property, string changed)
    {
        const string Before = "{ 'volumes': [ { 'name': 'vol', 'driver': 'local' } ] }";
        _ = await _site.ApplyAsync(Before);
        _site.Engine.Changes.Clear();
        var desired = property.StartsWith("'driver'", StringComparison.Ordinal)
            ? Before.Replace("'driver': 'local'", property, StringComparison.Ordinal)
            : Before.Replace("'local'", "'local', " + property, StringComparison.Ordinal);
        var step = (await _site.PlanAsync(desired)).Changes.Single();
        Assert.Equal(
            (StepAction.Replace, true, Consent.Replace, changed),
            (step.Action, step.DestroysData, step.Needs, step.Changes.Single().Property));
        _ = await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(desired));
        Assert.Empty(_site.Engine.Changes);
        Assert.True((await _site.ApplyAsync(desired, options: AllowReplace)).Succeeded);
        Assert.Equal(["remove volume vol", "create volume vol"], _site.Engine.Changes);
        Assert.False((await _site.PlanAsync(desired)).HasChanges);
    }

    [Theory]
    [InlineData("'size': '64M', 'mode': '750', 'fs': 'XFS', 'compression': 'True'", true)]
    [InlineData("'size': '65MB', 'mode': '0750', 'fs': 'xfs', 'compression': 'true'", false)]
    public async Task The_options_of_a_volume_of_the_plugin_host_are_compared_by_meaning(string options, bool same)
    {
        _site.Engine.Volumes["vol"] = new EngineVolume
        {
            Name = "vol",
            Driver = "hedvig",
            Options = new System.Collections.Generic.Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["size"] = "65536KiB",
                ["mode"] = "0750",
                ["fs"] = "xfs",
                ["compression"] = "true",
            },
        };
        Assert.Equal(
            same, !(await _site.PlanAsync($"{{ 'volumes': [ {{ 'name': 'vol', 'options': {{ {options} }} }} ] }}", name: null)).HasChanges);
    }

    [Fact]
    public async Task A_volume_that_a_container_mounts_is_not_recreated()
    {
        const string Mounted =
            "{ 'volumes': [ { 'name': 'vol', 'driver': 'local' } ], 'containers': [ { 'name': 'app', 'image': 'app:1', 'mounts': "
                + "[ { 'volume': 'vol', 'target': '/data' } ] } ] }";
        Assert.True((await _site.ApplyAsync(Mounted)).Succeeded);
        Assert.Equal("local", _site.Engine.Containers["app"].Specification.Mounts.Single().Driver);
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => _site.PlanAsync(Mounted.Replace("'local'", "'local', 'options': { 'a': 'b' }", StringComparison.Ordinal)));
        Assert.Contains("containers mount it: app.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_driver_of_a_mounted_volume_is_compared()
    {
        const string Mounted =
            "{ 'containers': [ { 'name': 'app', 'image': 'app:1', 'mounts': [ { 'volume': 'v', 'target': '/data' } ] } ] }";
        _ = await _site.ApplyAsync(Mounted);
        var change =
            (await _site.PlanAsync(Mounted.Replace(
                "{ 'containers'",
                "{ 'plugin': { 'name': 'fast' }, 'containers'",
                StringComparison.Ordinal))).Changes.Single(step => step.Kind == ResourceKind.Container).Changes.Single();
        Assert.Equal(new PropertyChange("mounts", "v:/data (hedvig)", "v:/data (fast)"), change);
    }

    [Fact]
    public async Task Removing_a_volume_of_our_driver_tells_that_the_cluster_loses_it()
    {
        _ = await _site.ApplyAsync("{ 'volumes': [ { 'name': 'v' } ] }");
        var step = (await _site.PlanAsync("{ 'volumes': [ { 'name': 'v', 'ensure': 'Absent' } ] }")).Changes.Single();
        Assert.Equal((StepAction.Remove, true, Consent.None), (step.Action, step.DestroysData, step.Needs));
        Assert.Contains("in the cluster too", step.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_only_its_driver_knows_is_taken_as_it_is_and_said_to_be()
    {
        _ = await _site.Engine.CreateVolumeAsync("v", "hedvig", ObjectLabels.None, ObjectLabels.None, CancellationToken.None);
        var step = (await _site.PlanAsync("{ 'volumes': [ { 'name': 'v', 'labels': { 'a': 'b' } } ] }")).Steps.Single();
        Assert.Equal(StepAction.None, step.Action);
        Assert.Contains("not compared", step.Notes.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_of_our_driver_comes_after_the_plugin_and_the_clusters_volume()
    {
        var configuration = Document.Read(
            """{ "volumes": [ { "name": "v", "size": "1GB" } ], "docker": { "volumes": [ { "name": "v" } ], "plugin": { } } }""");
        var plan = await new Planner(_site.Targets).PlanAsync(configuration, CancellationToken.None);
        Assert.Equal(
            ["plugin/hedvig", "volume/v"],
            plan.Steps.Single(step => step.Kind == ResourceKind.DockerVolume).DependsOn.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{ 'docker': { 'networks': [ { 'name': 'host' } ] } }", "one that every Docker Engine has")]
    [InlineData("{ 'docker': { 'networks': [ { 'name': 'n' }, { 'name': 'n' } ] } }", "is there 2 times")]
    [InlineData("{ 'docker': { 'networks': [ { 'name': 'n', 'ensure': 'Absent' } ], 'containers': [ { 'name': 'app', 'image': 'i', "
        + "'network': 'n' } ] } }", "in the network 'n', which the document makes absent")]
    [InlineData("{ 'volumes': [ { 'name': 'v', 'size': '1GB' } ], 'docker': { 'volumes': [ { 'name': 'v', 'options': { 'size': "
        + "'2GB' } } ] } }", "has 'options'")]
    [InlineData(
        "{ 'volumes': [ { 'name': 'v', 'size': '1GB' } ], 'docker': { 'volumes': [ { 'name': 'v', 'ensure': 'Absent' } ] } }",
        "Choose one")]
    [InlineData("{ 'docker': { 'volumes': [ { 'name': 'v', 'ensure': 'Absent' } ], 'containers': [ { 'name': 'app', 'image': 'i', "
        + "'mounts': [ { 'volume': 'v', 'target': '/d' } ] } ] } }", "mounts the volume 'v', which the document makes absent")]
    public void What_contradicts_itself_is_told(string json, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => Document.Read(json.Replace('\'', '"')));
        Assert.Contains(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
    }
}
