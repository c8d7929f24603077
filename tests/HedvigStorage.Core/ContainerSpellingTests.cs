using HedvigStorage.Docker;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>What a document writes in one way and an engine answers in another is the same, and what only looks alike is not.</summary>
public sealed class ContainerSpellingTests : IDisposable
{
    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("'mounts': [ { 'volume': 'data', 'target': '/data/' } ]")]
    [InlineData("'mounts': [ { 'volume': 'data', 'target': '//srv/./../data' } ]")]
    [InlineData("'mounts': [ { 'volume': 'data', 'target': '/data' }, { 'source': '/etc//app/', 'target': '/etc/app/' } ]", "bind")]
    [InlineData("'mounts': [ { 'volume': 'data', 'target': '/data', 'subPath': 'a//b/./' } ]", "subPath")]
    [InlineData("'workingDir': '/srv/x/..//app/'")]
    [InlineData("'entrypoint': [ '' ]", "no entry point")]
    [InlineData("'command': []", "image's command")]
    [InlineData("'ports': [ '5432:5432/TCP', '[0:0::1]:53:53/udp', '8000-8010:80', '9000-9001:9000-9001' ]")]
    [InlineData("'user': ''")]
    [InlineData("'network': ''")]
    [InlineData("'stopTimeout': 'Unlimited'")]
    [InlineData("'health': { 'interval': '1.5s', 'timeout': '2500us', 'startPeriod': '0s' }")]
    [InlineData("'resources': { 'cpuset': '2,0-1' }")]
    [InlineData("'stopSignal': 2")]
    [InlineData("'tmpfs': { '/run/': 'rw,size=1m,mode=755' }")]
    [InlineData("'dns': [ '0:0::1' ]")]
    public async Task What_means_the_same_is_not_a_difference(string document, string kind = "plain")
    {
        _site.Engine.Images["app:1"] = _site.Engine.Images["app:1"] with
        {
            Command = ["serve"],
            EntryPoint = kind is "no entry point" ? ["/init"] : null,
        };
        _ = await _site.Engine.CreateContainerAsync(
            "app",
            new ContainerSpecification
            {
                Image = "app:1",
                EntryPoint = kind is "no entry point" ? [] : null,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin" },
                Mounts =
                [
                    new ContainerMount { Source = "data", Target = "/data", Driver = "hedvig", SubPath = kind is "subPath" ? "a/b" : null },
                    .. kind is "bind"
                        ? [new ContainerMount { Type = "bind", Source = "/etc/app", Target = "/etc/app" }]
                        : Array.Empty<ContainerMount>(),
                ],
                WorkingDirectory = "/srv/app",
                Ports =
                [
                    new PortMapping { HostPort = 5432, ContainerPort = 5432 }, new PortMapping
                    {
                        HostAddress = "::1",
                        HostPort = 53,
                        ContainerPort = 53,
                        Protocol = "udp",
                    },
                    new PortMapping
                    {
                        HostPort = 8000,
                        HostPortEnd = 8010,
                        ContainerPort = 80,
                    }, new PortMapping { HostPort = 9000, ContainerPort = 9000 }, new PortMapping { HostPort = 9001, ContainerPort = 9001 },
                ],
                StopTimeout = TimeSpan.FromSeconds(-1),
                Health = new HealthCheck
                {
                    Test = ["CMD", "ping"],
                    Interval = TimeSpan.FromMilliseconds(1500),
                    Timeout = TimeSpan.FromTicks(25_000),
                    StartPeriod = TimeSpan.FromMilliseconds(1),
                },
                Settings = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
                {
                    ["resources.cpuset"] = ["0-2"], ["stopSignal"] = ["SIGINT"], ["tmpfs"] = ["/run=mode=0755,size=1048576"],
                    ["dns"] = ["::1"],
                },
            },
            CancellationToken.None);
        await _site.Engine.StartContainerAsync("app", CancellationToken.None);
        Assert.Empty(
            (await PlanAsync(document)).Changes.SelectMany(
                step => step.Changes.Select(change => $"{change.Property}: {change.Before} -> {change.After}")));
    }

    [Theory]
    [InlineData("'ports': [ '0.0.0.0:80:80' ]", "ports")]
    [InlineData("'ports': [ '80' ]", "ports")]
    [InlineData("'mounts': [ { 'volume': 'data', 'target': '/data', 'subPath': 'b' } ]", "mounts")]
    [InlineData("'mounts': [ { 'image': 'data', 'target': '/data' } ]", "mounts")]
    [InlineData("'mounts': [ ]", "mounts")]
    public async Task What_only_looks_alike_is_a_difference(string document, string property)
    {
        Assert.True(
            (
                await _site.ApplyContainersAsync(
                    "{ 'name': 'app', 'image': 'app:1', 'ports': [ '80:80' ], 'mounts': [ { 'volume': 'data', 'target': '/data', "
                        + "'subPath': 'a' } ] }")).Succeeded);
        Assert.Equal(property, Assert.Single(
            Assert.Single((await PlanAsync(document)).Changes, step => step.Kind == ResourceKind.Container).Changes).Property);
    }

    [Theory]
    [InlineData("redis", "docker.io/library/redis:latest")]
    [InlineData("redis:latest", "index.docker.io/library/redis")]
    [InlineData("team/app:2", "docker.io/team/app:2")]
    [InlineData("localhost/app", "localhost/app:latest")]
    public async Task An_image_that_is_gone_is_the_same_by_each_of_its_names_and_is_pulled_once(string one, string other)
    {
        _site.Engine.Images[one] = new Image { Id = "sha256:gone" };
        _ = await _site.Engine.CreateContainerAsync("app", new ContainerSpecification { Image = one }, CancellationToken.None);
        await _site.Engine.StartContainerAsync("app", CancellationToken.None);
        _site.Engine.Images.Clear();
        Assert.Empty((await _site.PlanContainersAsync($"{{ 'name': 'app', 'image': '{other}' }}")).Changes);
        var plan = await _site.PlanContainersAsync($"{{ 'name': 'c1', 'image': '{one}' }}, {{ 'name': 'c2', 'image': '{other}' }}");
        Assert.Equal([$"image/{one}", "container/c1", "container/c2"], plan.Changes.Select(step => step.Id));
        Assert.All(plan.Changes.Skip(1), step => Assert.Equal([$"image/{one}"], step.DependsOn));
    }

    [Fact]
    public async Task An_image_that_is_mounted_is_pulled_and_mounted_and_changes_by_what_of_it_is()
    {
        _site.Engine.Version = new EngineVersion("28.5.2", "1.50", "linux");
        const string Mount =
            "{ 'name': 'app', 'image': 'app:1', 'mounts': [ { 'image': 'tools:1', 'target': '/tools/', 'subPath': 'bin/' } ] }";
        Assert.True((await _site.ApplyContainersAsync(Mount)).Succeeded);
        Assert.Equal(["pull tools:1", "create app", "start app"], _site.Engine.Changes);
        Assert.Equal(
            new ContainerMount { Type = "image", Source = "tools:1", Target = "/tools", SubPath = "bin" },
            Assert.Single(_site.Engine.Containers["app"].Specification.Mounts));
        Assert.False((await _site.PlanContainersAsync(Mount)).HasChanges);
        Assert.Equal(
            "mounts",
            Assert.Single(Assert.Single(
                (await _site.PlanContainersAsync(Mount.Replace("bin/", "lib", StringComparison.Ordinal))).Changes).Changes).Property);
    }

    private Task<Plan> PlanAsync(string members) => _site.PlanContainersAsync($"{{ 'name': 'app', 'image': 'app:1', {members} }}");
}
