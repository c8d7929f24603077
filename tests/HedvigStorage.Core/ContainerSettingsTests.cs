using HedvigStorage.Docker;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>The settings of containers that documents name, and what is told of those that they do not.</summary>
public sealed class ContainerSettingsTests : IDisposable
{
    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("'resources': { 'memory': '1GB' }", "resources.memory", "1073741824")]
    [InlineData("'resources': { 'memory': '1GB', 'memorySwap': '2GB' }", "resources.memory", "1073741824")]
    [InlineData("'resources': { 'cpus': '1.50' }", "resources.cpus", "1.5")]
    [InlineData("'shmSize': '64MB'", "readOnly", "false")]
    [InlineData("'init': false, 'readOnly': false", "shmSize", "67108864")]
    [InlineData("'ulimits': { 'nofile': 1024 }", "ulimits", "nofile=1024:1024")]
    [InlineData("'tmpfs': { '/run': 'mode=0755,size=64m' }", "tmpfs", "/run=mode=0755,size=67108864")]
    [InlineData("'tmpfs': { '/run': '' }", "tmpfs", "/run=")]
    [InlineData("'stopSignal': 'int'", "stopSignal", "SIGINT")]
    [InlineData("'capabilities': { 'add': [ 'net_admin' ] }", "capabilities.add", "CAP_NET_ADMIN")]
    [InlineData("'securityOptions': [ 'no-new-privileges' ]", "securityOptions", "no-new-privileges:true")]
    [InlineData("'devices': [ '/dev/fuse' ]", "devices", "/dev/fuse:/dev/fuse:rwm")]
    [InlineData("'extraHosts': [ 'db=10.0.0.5' ]", "extraHosts", "db:10.0.0.5")]
    [InlineData("'capabilities': { 'add': [] }, 'sysctls': {}", "tty", "false")]
    public async Task What_means_the_same_is_not_a_difference(string document, string name, string engine)
    {
        await MakeByHandAsync(
            new Dictionary<string,
            IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                [name] = ContainerSettings.All.Single(setting => setting.Name == name).Normalise([engine]),
            });
        Assert.Empty((await PlanAsync(document)).Changes.SelectMany(step => step.Changes));
    }

    [Theory]
    [InlineData("'resources': { 'memory': '1MB' }", "'1MB' is out of range: the least is 6MB.")]
    [InlineData("'resources': { 'memory': 'much' }", "'much' is not a size")]
    [InlineData("'resources': { 'memroy': '1GB' }", "Did you mean 'memory'?")]
    [InlineData("'resources': { 'cpus': 0 }", "'0' is not valid: give a number above 0, such as 1.5.")]
    [InlineData("'resources': { 'cpuShares': 1 }", "the least is 2, the most 262144")]
    [InlineData("'ulimits': { 'nofile': 'lots' }", "give a number, or SOFT:HARD")]
    [InlineData("'tmpfs': { 'run': '' }", "give an absolute path")]
    [InlineData("'devices': [ 'fuse' ]", "give a device such as /dev/fuse")]
    [InlineData("'extraHosts': [ 'db' ]", "give a name and an address")]
    [InlineData("'init': 'maybe'", "maybe")]
    [InlineData("'mounts': [ { 'source': '/etc', 'target': '/x', 'noCopy': true } ]", "are of volumes, not of paths of the host")]
    [InlineData("'mounts': [ { 'volume': 'v', 'target': '/x', 'subPath': '../other' } ]", "is not a path within the volume")]
    public void What_is_wrong_is_told(string document, string expected) => Assert.Contains(
        expected,
        Assert.ThrowsAny<ClusterException>(() => Document.Read(
            $$"""{ "docker": { "containers": [ { "name": "app", "image": "app:1", {{document.Replace('\'', '"')}} } ] } }""")).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_setting_that_differs_replaces_the_container_and_the_new_one_has_it()
    {
        Assert.True(
            (
                await _site.ApplyContainersAsync(
                    "{ 'name': 'app', 'image': 'app:1', 'shmSize': '1GB', 'logging': { 'options': { 'token': 'geheim' } } }")).Succeeded);
        var plan = await PlanAsync("'shmSize': '2GB', 'logging': { 'options': { 'token': 'other' } }");
        var step = Assert.Single(plan.Changes);
        Assert.Equal(StepAction.Replace, step.Action);
        Assert.Equal(
            ["shmSize: 1GB -> 2GB", "logging.options: token -> token"],
            step.Changes.Select(change => $"{change.Property}: {change.Before} -> {change.After}"));
        Assert.True(
            (
                await Applier.ApplyAsync(
                    plan, new ApplyOptions { AllowReplace = [ResourceKind.Container] }, progress: null, CancellationToken.None)).Succeeded);
        Assert.Equal(["2147483648"], _site.Engine.Containers["app"].Specification.Settings["shmSize"]);
        Assert.False((await PlanAsync("'shmSize': '2GB', 'logging': { 'options': { 'token': 'other' } }")).HasChanges);
    }

    [Fact]
    public async Task What_a_replacement_does_not_take_over_is_its_cost()
    {
        await MakeByHandAsync(
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
            {
                ["shmSize"] = ["1073741824"], ["resources.memory"] = ["536870912"], ["resources.memorySwap"] = ["1073741824"],
                ["readOnly"] = ["true"], ["logging.options"] = ["token=geheim"],
            },
            specification => specification with
            {
                Restart = RestartPolicy.TryParse("always", out var restart) ? restart! : throw new InvalidOperationException(),
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin", ["SECRET"] = "geheim" },
                Ports = [PortMapping.TryParse("80:80", out var port) ? port! : throw new InvalidOperationException()],
                Mounts = [new ContainerMount { Source = "data", Target = "/data" }],
                Others = ["AutoRemove", "the connection to the network 'b'"],
            });
        var step = Assert.Single((await PlanAsync("'user': '5', 'resources': { 'memory': '512MB' }")).Changes);
        Assert.Equal(StepAction.Replace, step.Action);
        Assert.EndsWith(
            " What the document does not name is not taken over: environment SECRET, mounts data:/data, ports 80:80/tcp, restart always, "
                + "shmSize 1GB, readOnly true, logging.options token."
            + " No document can name, so that it is lost: AutoRemove, the connection to the network 'b'.",
            step.Cost.Replace("ports 80:80,", "ports 80:80/tcp,", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", step.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_of_the_document_alone_loses_nothing()
    {
        Assert.True((await _site.ApplyContainersAsync("{ 'name': 'app', 'image': 'app:1', 'shmSize': '1GB' }")).Succeeded);
        Assert.DoesNotContain(
            "not taken over", Assert.Single((await PlanAsync("'shmSize': '2GB'")).Changes).Cost, StringComparison.Ordinal);
    }

    private async Task MakeByHandAsync(
        IReadOnlyDictionary<string, IReadOnlyList<string>> settings, Func<ContainerSpecification, ContainerSpecification>? change = null)
    {
        var specification = new ContainerSpecification
        {
            Image = "app:1",
            Settings = settings,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin" },
        };
        _ = await _site.Engine.CreateContainerAsync("app", change?.Invoke(specification) ?? specification, CancellationToken.None);
        await _site.Engine.StartContainerAsync("app", CancellationToken.None);
    }

    private Task<Plan> PlanAsync(string members) => _site.PlanContainersAsync($"{{ 'name': 'app', 'image': 'app:1', {members} }}");
}
