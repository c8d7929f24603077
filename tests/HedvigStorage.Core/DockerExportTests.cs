using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

public sealed class DockerExportTests : IDisposable
{
    private const string Everything = """
        { 'plugin': { 'mode': 'Process', 'host': 'h1' },
          'networks': [ { 'name': 'backend', 'driver': 'bridge', 'internal': true, 'labels': { 'team': 'x' } } ],
          'volumes': [ { 'name': 'scratch', 'driver': 'local', 'options': { 'type': 'tmpfs' } } ],
          'containers': [
            { 'name': 'db', 'image': 'app:1', 'command': [ 'run' ], 'entrypoint': [ '/init' ], 'user': '999', 'workingDir': '/srv', 'hostname': 'db1', 'environment': { 'A': 's3cret' },
              'mounts': [ { 'volume': 'data', 'target': '/data' }, { 'volume': 'scratch', 'target': '/scratch' }, { 'source': '/etc', 'target': '/host', 'readOnly': true }, { 'volume': 'data', 'target': '/part', 'noCopy': true, 'subPath': 'a/b' } ],
              'resources': { 'memory': '512MB', 'memorySwap': 'unlimited', 'memoryReservation': '256MB', 'cpus': 1.5, 'cpuShares': 512, 'cpuset': '0-1', 'pids': 100 }, 'shmSize': '1GB',
              'ulimits': { 'nofile': '1024:2048', 'memlock': -1 }, 'readOnly': true, 'tmpfs': { '/run': 'size=64m,mode=0755', '/tmp': '' }, 'init': true, 'tty': true, 'stdinOpen': true, 'stopSignal': 'int',
              'privileged': true, 'capabilities': { 'add': [ 'cap_net_admin', 'SYS_PTRACE' ], 'drop': [ 'MKNOD' ] }, 'securityOptions': [ 'no-new-privileges' ], 'groups': [ 'disk' ], 'devices': [ '/dev/fuse' ],
              'sysctls': { 'net.core.somaxconn': 1024 }, 'extraHosts': [ 'other:10.0.0.1', 'six:[fd00::1]' ], 'dns': [ '10.0.0.2', '10.0.0.3' ], 'dnsSearch': [ 'lan' ], 'dnsOptions': [ 'ndots:1' ],
              'ipc': 'host', 'pid': 'host', 'logging': { 'driver': 'journald', 'options': { 'tag': 'x', 'labels': 'a' } },
              'ports': [ '127.0.0.1:5432:5432' ], 'restart': 'always', 'labels': { 'team': 'x' }, 'network': 'backend', 'stopTimeout': '1m30s',
              'health': { 'test': [ 'CMD', 'ping' ], 'interval': '5s', 'retries': 2 } },
            { 'name': 'idle', 'image': 'app:1', 'state': 'Stopped', 'health': { 'test': 'none' } } ] }
        """;

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_plan_of_what_was_exported_has_nothing_to_do(bool environment)
    {
        Assert.True((await _site.ApplyAsync(Everything)).Succeeded);
        var written = await ExportAsync(new ExportOptions { Name = "site", Environment = environment });
        Assert.Equal(
            environment, ((IReadOnlyDictionary<string, object>)((List<object>)written["containers"])[0]).ContainsKey("environment"));
        var again = ConfigurationReader.Read(
            new Dictionary<string, object>(StringComparer.Ordinal) { ["name"] = "site", ["docker"] = written }, "export");
        var plan = await new Planner(_site.Targets).PlanAsync(again, CancellationToken.None);
        Assert.Empty(plan.Changes.SelectMany(step => step.Changes.Select(change => $"{step} {change}")));
        Assert.Empty(plan.Orphans);
        Assert.Equal(["app:1", "app:1"], again.Docker!.Containers.Select(container => container.Image));
        Assert.Equal(["db", "idle"], again.Docker.Containers.Select(container => container.Name));
        Assert.Equal("h1", again.Docker.Plugin!.Host);
    }

    [Fact]
    public async Task What_the_image_sets_is_left_out_and_so_is_what_nobody_manages()
    {
        await _site.ApplyAsync("{ 'containers': [ { 'name': 'app', 'image': 'app:1' } ] }");
        _ = await _site.Engine.CreateContainerAsync("others", new ContainerSpecification { Image = "app:1" }, CancellationToken.None);
        await _site.ApplyAsync("{ 'containers': [ { 'name': 'elsewhere', 'image': 'app:1' } ] }", name: "another");
        _ = await _site.Engine.CreateContainerAsync("app.hv-next", _site.Engine.Containers["app"].Specification, CancellationToken.None);
        var written = await ExportAsync(new ExportOptions { Name = "site", Environment = true });
        var container = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object>>(Assert.Single((List<object>)written["containers"]));
        Assert.Equal(["name", "image"], container.Keys);
    }

    private async Task<IReadOnlyDictionary<string, object>> ExportAsync(ExportOptions options) =>
        (IReadOnlyDictionary<string, object>)ConfigurationWriter.Write(
            await new ConfigurationExporter(_site.Targets).ExportAsync(options with { Docker = true }, CancellationToken.None))["docker"];
}
