using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>In which order containers are started and stopped, and what is waited for.</summary>
public sealed class ContainerOrderTests : IDisposable
{
    private const string Three = """
        { 'name': 'web', 'image': 'app:1', 'dependsOn': [ 'api' ], 'recreate': true, 'environment': { 'V': 'WEB' } },
        { 'name': 'api', 'image': 'app:1', 'dependsOn': [ 'db' ], 'recreate': true, 'environment': { 'V': 'API' } },
        { 'name': 'db', 'image': 'app:1', 'recreate': true, 'environment': { 'V': 'DB' } }
        """;

    private const string Waiting =
        "{ 'name': 'db', 'image': 'app:1', 'health': { 'test': 'ping' }, 'waitHealthy': 'LIMIT' }, { 'name': 'web', 'image': 'app:1', "
            + "'dependsOn': [ 'db' ] }";

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Containers_are_started_after_those_they_depend_on_and_removed_before()
    {
        Assert.True((await _site.ApplyContainersAsync(Three)).Succeeded);
        Assert.Equal(["create db", "start db", "create api", "start api", "create web", "start web"], _site.Engine.Changes);
        _site.Engine.Changes.Clear();
        var absent = Three.Replace("'image': 'app:1'", "'ensure': 'Absent'", StringComparison.Ordinal);
        Assert.True((await _site.ApplyContainersAsync(absent)).Succeeded);
        Assert.Equal(
            ["web", "api", "db"],
            _site.Engine.Changes.Where(change => change.StartsWith("remove", StringComparison.Ordinal))
                .Select(change => change.Split(' ')[1]));
    }

    [Fact]
    public async Task What_depends_on_a_replaced_container_and_is_replaced_too_is_stopped_before_it_and_started_after_it()
    {
        _ = await _site.ApplyContainersAsync(Three);
        _site.Engine.Changes.Clear();
        Assert.True(
            (
                await _site.ApplyContainersAsync(
                    Three.Replace("'DB'", "'2'", StringComparison.Ordinal).Replace("'WEB'", "'2'", StringComparison.Ordinal))).Succeeded);
        var changes = _site.Engine.Changes;
        Assert.True(changes.IndexOf("stop web") < changes.IndexOf("stop db"));
        Assert.True(changes.IndexOf("start db") < changes.LastIndexOf("start web"));
        Assert.DoesNotContain("stop api", changes);
        Assert.Equal("running", _site.Engine.Containers["api"].State);
    }

    [Fact]
    public async Task What_depends_on_a_replaced_container_and_is_as_desired_keeps_running()
    {
        _ = await _site.ApplyContainersAsync(Three);
        _site.Engine.Changes.Clear();
        Assert.True((await _site.ApplyContainersAsync(Three.Replace("'DB'", "'2'", StringComparison.Ordinal))).Succeeded);
        Assert.DoesNotContain(
            _site.Engine.Changes,
            change => change.Contains("web", StringComparison.Ordinal) || change.Contains("api", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_depends_on_a_container_starts_when_that_is_healthy()
    {
        _site.Engine.HealthOfStarted.InsertRange(0, ["starting", "starting"]);
        var desired = Waiting.Replace("LIMIT", "60s", StringComparison.Ordinal);
        Assert.True((await _site.ApplyContainersAsync(desired)).Succeeded);
        Assert.Equal(["create db", "start db", "create web", "start web"], _site.Engine.Changes);
        Assert.False((await _site.PlanContainersAsync(desired)).HasChanges);
    }

    [Theory]
    [InlineData("unhealthy", "The container 'db' is unhealthy. Its last health check wrote: no answer from the database")]
    [InlineData("starting", "The container 'db' is not healthy after 1s, but starting.")]
    public async Task A_container_that_does_not_become_healthy_is_an_error_with_what_its_last_check_wrote(string health, string expected)
    {
        _site.Engine.HealthOfStarted.Clear();
        _site.Engine.HealthOfStarted.Add(health);
        var desired = Waiting.Replace("LIMIT", "1s", StringComparison.Ordinal);
        var report = await _site.ApplyContainersAsync(desired);
        Assert.Contains(expected, DockerSite.ErrorOf(report), StringComparison.Ordinal);
        Assert.DoesNotContain("web", _site.Engine.Containers.Keys);
        var step = (await _site.PlanContainersAsync(desired)).Changes.First();
        Assert.Equal(new PropertyChange("health", health, "healthy"), step.Changes.Single());
    }

    [Fact]
    public async Task A_container_that_ends_while_it_is_waited_for_is_an_error_with_its_status()
    {
        _ = _site.Engine.Ending.Add("db");
        var report = await _site.ApplyContainersAsync(Waiting.Replace("LIMIT", "60s", StringComparison.Ordinal));
        Assert.Contains(
            "The container 'db' ended with status 0 before it was healthy", DockerSite.ErrorOf(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_an_image_that_has_no_health_check_is_an_error()
    {
        var report = await _site.ApplyContainersAsync("{ 'name': 'db', 'image': 'app:1', 'health': { 'test': 'none' } }");
        Assert.True(report.Succeeded);
        _site.Engine.Containers["db"] = _site.Engine.Containers["db"] with
        {
            Specification = _site.Engine.Containers["db"].Specification with { Health = null },
        };
        report = await _site.ApplyContainersAsync("{ 'name': 'db', 'image': 'app:1', 'health': { }, 'waitHealthy': '5s' }");
        Assert.Contains("has no health check", DockerSite.ErrorOf(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'dependsOn': [ 'c-b' ] }, { 'name': 'c-b', 'image': 'i', 'dependsOn': [ 'c-c' ] }, "
        + "{ 'name': 'c-c', 'image': 'i', 'dependsOn': [ 'c-a' ] }", "'c-a', 'c-b', 'c-c' depend on each other in a circle")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'dependsOn': [ 'c-a' ] }", "in a circle")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'dependsOn': [ 'c-x' ] }", "'c-x', which is not a container of the document")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'dependsOn': [ 'c-b' ] }, { 'name': 'c-b', 'ensure': 'Absent' }", "which the document "
        + "makes absent")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'waitHealthy': 5 }", "no 'health' check")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'health': { 'test': 'none' }, 'waitHealthy': 5 }", "no 'health' check")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'health': { 'test': [ 'pg_isready' ] } }", "begins with CMD or CMD-SHELL")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'health': { 'interval': '5 min' } }", "is not a time")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'stopTimeout': '1s500ms' }", "is not a whole number of seconds")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'environment': { 'A': { } } }", "give either 'file'")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'environment': { 'A': { 'secret': '../x' } } }", "secret")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'labels': { 'io.hedvigstorage.document': 'x' } }", "set by this product itself")]
    [InlineData("{ 'name': 'c-a', 'image': 'i', 'network': 'a b' }", "network")]
    public void What_is_wrong_with_a_container_is_told(string containers, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(
            () => Document.Read($"{{ 'docker': {{ 'containers': [ {containers} ] }} }}".Replace('\'', '"')));
        Assert.Contains(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
    }
}
