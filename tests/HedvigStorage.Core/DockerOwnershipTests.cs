using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>What a document has made in a Docker Engine is its own: nobody else changes it, and the document finds it again.</summary>
public sealed class DockerOwnershipTests : IDisposable
{
    private const string All = """
        { 'networks': [ { 'name': 'backend' } ], 'volumes': [ { 'name': 'scratch', 'driver': 'local' } ],
          'containers': [ { 'name': 'app', 'image': 'app:1', 'network': 'backend', 'environment': { 'A': '1' } } ] }
        """;

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task What_a_document_makes_carries_its_name()
    {
        Assert.True((await _site.ApplyAsync(All)).Succeeded);
        Assert.Equal("site", _site.Engine.Containers["app"].Specification.Labels[DockerSite.DocumentLabel]);
        Assert.Equal("site", _site.Engine.Networks["backend"].Labels[DockerSite.DocumentLabel]);
        Assert.Equal("site", _site.Engine.Volumes["scratch"].Labels[DockerSite.DocumentLabel]);
        Assert.False((await _site.PlanAsync(All)).HasChanges);
    }

    [Theory]
    [InlineData("{ 'containers': [ { 'name': 'app', 'image': 'app:1' } ] }", "container/app")]
    [InlineData("{ 'networks': [ { 'name': 'backend' } ] }", "network/backend")]
    [InlineData("{ 'volumes': [ { 'name': 'scratch', 'driver': 'local' } ] }", "dockervolume/scratch")]
    public async Task An_object_of_another_document_is_refused_naming_both(string docker, string id)
    {
        _ = await _site.ApplyAsync(All);
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync(docker, name: "other"));
        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains($"{id} belongs to the document 'site'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
        Assert.False((await _site.PlanAsync(docker, name: null)).HasChanges);
    }

    [Fact]
    public async Task A_document_without_a_name_does_not_change_what_is_anothers()
    {
        _ = await _site.ApplyAsync(All);
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => _site.PlanAsync("{ 'containers': [ { 'name': 'app', 'ensure': 'Absent' } ] }", name: null));
        Assert.Contains("which has no name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_document_did_not_make_is_not_adopted_and_as_desired_it_is_left_alone()
    {
        _ = await _site.ApplyAsync(All, name: null);
        _site.Engine.Changes.Clear();
        Assert.True((await _site.ApplyAsync(All)).Succeeded);
        Assert.Empty(_site.Engine.Changes);
        Assert.DoesNotContain(DockerSite.DocumentLabel, _site.Engine.Containers["app"].Specification.Labels.Keys);
    }

    [Fact]
    public async Task Drift_is_told_from_a_document_that_has_changed()
    {
        _ = await _site.ApplyAsync(All);
        Assert.Equal(
            ChangeCause.Document, (await _site.PlanAsync(All.Replace("'1'", "'2'", StringComparison.Ordinal))).Changes.Single().Cause);
        await _site.Engine.StopContainerAsync("app", null, CancellationToken.None);
        Assert.Equal(ChangeCause.Drift, (await _site.PlanAsync(All)).Changes.Single().Cause);
    }

    [Fact]
    public async Task Drift_of_what_was_changed_in_place_before_is_not_taken_for_the_documents_doing()
    {
        _ = await _site.ApplyAsync(All);
        var stopped = All.Replace("'image': 'app:1'", "'image': 'app:1', 'state': 'Stopped'", StringComparison.Ordinal);
        Assert.NotEqual(All, stopped);
        Assert.True((await _site.ApplyAsync(stopped)).Succeeded);
        await _site.Engine.StartContainerAsync("app", CancellationToken.None);
        Assert.Equal(ChangeCause.Unknown, (await _site.PlanAsync(stopped)).Changes.Single().Cause);

        _site.Engine.Containers["app"] = _site.Engine.Containers["app"] with
        {
            State = "exited",
            Specification = _site.Engine.Containers["app"].Specification with { User = "7" },
        };
        var step = (await _site.PlanAsync(stopped.Replace("'state'", "'user': '8', 'state'", StringComparison.Ordinal))).Changes.Single();
        Assert.Equal((StepAction.Replace, ChangeCause.Document), (step.Action, step.Cause));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_container_that_was_renamed_is_given_its_name_again_and_no_other_is_made_beside_it(bool prune)
    {
        _ = await _site.ApplyAsync(All);
        await _site.Engine.RenameContainerAsync("app", "old", CancellationToken.None);
        _site.Engine.Changes.Clear();

        var plan = await _site.PlanAsync(All, prune: prune);
        var step = plan.Changes.Single();
        Assert.Equal((StepAction.Update, "It is currently named 'old' and will be renamed."), (step.Action, step.Reason));
        Assert.Equal(new PropertyChange("name", "old", "app"), step.Changes.Single());
        Assert.Empty(plan.Orphans);

        Assert.True((await _site.ApplyAsync(All, prune: prune)).Succeeded);
        Assert.Equal(["rename old app"], _site.Engine.Changes);
        Assert.False((await _site.PlanAsync(All)).HasChanges);
    }

    [Fact]
    public async Task A_container_that_was_renamed_and_stopped_is_renamed_before_it_is_started()
    {
        _ = await _site.ApplyAsync(All);
        await _site.Engine.StopContainerAsync("app", null, CancellationToken.None);
        await _site.Engine.RenameContainerAsync("app", "old", CancellationToken.None);
        Assert.Equal(["name", "state"], (await _site.PlanAsync(All)).Changes.Single().Changes.Select(change => change.Property));
        Assert.True((await _site.ApplyAsync(All)).Succeeded);
        Assert.Equal("running", _site.Engine.Containers["app"].State);
        Assert.False((await _site.PlanAsync(All)).HasChanges);
    }

    [Fact]
    public async Task Of_two_containers_that_could_be_the_missing_one_none_is_renamed()
    {
        const string Two = "{ 'containers': [ { 'name': 'one', 'image': 'app:1' }, { 'name': 'two', 'image': 'app:1' } ] }";
        const string Third = "{ 'containers': [ { 'name': 'three', 'image': 'app:1' } ] }";
        _ = await _site.ApplyAsync(Two);
        var plan = await _site.PlanAsync(Third);
        Assert.Equal(StepAction.Create, plan.Changes.Single().Action);
        Assert.Equal(["container/one", "container/two"], plan.Orphans.Select(orphan => orphan.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_document_no_longer_describes_is_told_and_removed_only_on_request_and_with_consent()
    {
        _ = await _site.ApplyAsync(All);
        _ = await _site.ApplyAsync("{ 'containers': [ { 'name': 'others', 'image': 'app:1' } ] }", name: "another");
        _site.Engine.Changes.Clear();

        var plan = await _site.PlanAsync("{ }");
        Assert.False(plan.HasChanges);
        Assert.Equal(
            ["container/app", "dockervolume/scratch", "network/backend"],
            plan.Orphans.Select(orphan => orphan.ToString()).Order(StringComparer.Ordinal));

        var pruned = await _site.PlanAsync("{ }", prune: true);
        Assert.Empty(pruned.Orphans);
        Assert.All(pruned.Changes, step => Assert.Equal((StepAction.Remove, Consent.Remove), (step.Action, step.Needs)));
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync("{ }", prune: true))).Code);
        Assert.Empty(_site.Engine.Changes);

        Assert.True((await _site.ApplyAsync("{ }", prune: true, options: new ApplyOptions { AllowRemove = true })).Succeeded);
        Assert.Equal(["others"], _site.Engine.Containers.Keys);
        Assert.Empty(_site.Engine.Networks);
        Assert.Empty(_site.Engine.Volumes);
    }

    [Fact]
    public async Task A_container_that_an_interrupted_replacement_left_is_not_an_orphan()
    {
        _ = await _site.ApplyAsync(All);
        await _site.Engine.RenameContainerAsync("app", "app.hv-next", CancellationToken.None);
        Assert.Empty((await _site.PlanAsync(All)).Orphans);
        Assert.True((await _site.ApplyAsync(All)).Succeeded);
        Assert.Equal(["app"], _site.Engine.Containers.Keys);
    }

    [Fact]
    public async Task What_is_forgotten_stays_as_it_is_and_is_not_an_orphan()
    {
        _ = await _site.ApplyAsync(All);
        var forgotten =
            "{ 'networks': [ { 'name': 'backend', 'ensure': 'Forgotten', 'internal': true } ], 'volumes': [ { 'name': 'scratch', 'ensure': "
                + "'Forgotten' } ], 'containers': [ { 'name': 'app', 'ensure': 'Forgotten', 'image': 'other:1' } ] }";
        var plan = await _site.PlanAsync(forgotten, prune: true);
        Assert.False(plan.HasChanges);
        Assert.Empty(plan.Orphans);
        Assert.All(plan.Steps, step => Assert.Contains("gives up ownership", step.Reason, StringComparison.Ordinal));
        Assert.Contains(
            "a plugin cannot be Forgotten",
            Assert.Throws<ConfigurationException>(() => Document.Read("""{ "docker": { "plugin": { "ensure": "Forgotten" } } }""")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_may_be_recreated_without_consent_where_the_document_says_so()
    {
        const string Recreated = "{ 'name': 'app', 'image': 'app:1', 'recreate': true, 'environment': { 'A': 'N' } }";
        _ = await _site.ApplyContainersAsync(Recreated);
        Assert.True((await _site.ApplyContainersAsync(Recreated.Replace("'N'", "'M'", StringComparison.Ordinal))).Succeeded);
        Assert.Equal("M", _site.Engine.Containers["app"].Specification.Environment["A"]);
    }

    [Fact]
    public async Task What_is_lost_with_a_container_is_told()
    {
        _ = await _site.ApplyContainersAsync("{ 'name': 'app', 'image': 'app:1' }");
        var made = _site.Engine.Containers["app"];
        const string Changed = "{ 'name': 'app', 'image': 'app:1', 'user': 'x' }";
        _site.Engine.Containers["app"] = made with { AnonymousVolumes = ["0123"] };
        var step = (await _site.PlanContainersAsync(Changed)).Changes.Single();
        Assert.True(step.DestroysData);
        Assert.Contains("volumes without a name", step.Cost, StringComparison.Ordinal);

        _site.Engine.Containers["app"] = made with
        {
            Specification = made.Specification with { Labels = new Dictionary<string, string>(StringComparer.Ordinal) },
        };
        step = (await _site.PlanContainersAsync(Changed)).Changes.Single();
        Assert.False(step.DestroysData);
        Assert.Contains("written outside of volumes is lost", step.Cost, StringComparison.Ordinal);
    }
}
