using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Conformance;

/// <summary>Spellings in documents × what a real engine answers: what was applied has an empty plan, and so has its export.</summary>
[Collection(EngineCollection.Name)]
public sealed class SpellingTests(EngineFixture engine) : IAsyncLifetime
{
    // Each is a container; the engine keeps most of these texts as they were sent.
    private static readonly string[] Spellings =
    [
        "'mounts': [ { 'volume': 'VOLUME', 'target': '/data/' }, { 'source': '/etc//', 'target': '/host//x/../y/' } ]",
        "'mounts': [ { 'volume': 'VOLUME', 'target': '/data', 'readOnly': true, 'noCopy': true } ], 'tmpfs': { '/run/': "
            + "'rw,size=1m,mode=755', '/tmp': '' }",
        "'workingDir': '/srv/../x//'",
        "'entrypoint': [ '' ], 'command': [ 'sleep', '1' ]",
        "'entrypoint': [ '/bin/sleep' ], 'command': []",
        "'user': '', 'network': 'none', 'hostname': 'My.Host'",
        "'ports': [ '5432', '0.0.0.0:80:80/TCP', '[0:0::1]:53:53/udp', '127.0.0.1::82', '8000-8010:8000', '9000-9001:9000-9001' ]",
        "'environment': { 'A B': 'c', 'EMPTY': '', 'N': 1, 'F': true, 'X': 'a=b' }, 'labels': { ' a b': 'c', 'empty': '' }",
        "'health': { 'test': 'true', 'interval': '1.5s', 'timeout': '90', 'startPeriod': '0s', 'retries': 2 }, 'stopTimeout': '0s', "
            + "'restart': 'ON-FAILURE:0'",
        "'health': { 'test': 'none' }, 'stopTimeout': 'unlimited', 'restart': 'on-failure:2'",
        "'resources': { 'memory': '64M', 'cpus': '0.50', 'cpuset': '0,0', 'memoryReservation': '32MiB' }, 'shmSize': 1048576, 'ulimits': "
            + "{ 'nofile': '64:128', 'memlock': 'unlimited' }",
        "'stopSignal': 15, 'capabilities': { 'add': [ 'cap_net_admin' ], 'drop': [ 'all' ] }, 'securityOptions': "
            + "[ 'no-new-privileges:TRUE', 'seccomp:unconfined' ], 'groups': [ '5' ], 'devices': [ '/dev/null/' ]",
        "'sysctls': { 'net.core.somaxconn': 256 }, 'extraHosts': [ 'a=10.0.0.1', 'b:[0:0::1]', 'c:host-gateway' ], 'dns': [ '0:0::1' ], "
            + "'dnsSearch': [ 'lan' ], 'dnsOptions': [ 'ndots:1' ]",
        "'ipc': 'host', 'pid': 'host', 'privileged': true, 'init': true, 'tty': true, 'stdinOpen': true, 'readOnly': true, 'logging': "
            + "{ 'driver': 'none' }",
        "'image': 'IMAGE:latest'", "'image': 'docker.io/library/IMAGE'", "'image': 'index.docker.io/library/IMAGE:latest'",
    ];

    // What only newer engines do.
    private static readonly (string Least, string Spelling)[] Newer =
    [
        ("1.45", "'mounts': [ { 'volume': 'VOLUME', 'target': '/data/', 'subPath': 'a//b/./' } ]"),
        ("1.48", "'mounts': [ { 'image': 'IMAGE', 'target': '/tools/', 'subPath': 'bin/' } ]"),
    ];

    // What somebody gives the engine's own client, and a document that means the same.
    private static readonly (string[] Arguments, string Document)[] ByHand =
    [
        (
            ["-v", "VOLUME:/data/:rw", "-v", "/etc/:/host/:ro", "-w", "/srv//x/.."],
            "'mounts': [ { 'volume': 'VOLUME', 'target': '/data' }, { 'source': '/etc', 'target': '/host', 'readOnly': true } ], "
                + "'workingDir': '/srv'"),
        (
            ["--mount", "type=volume,source=VOLUME,target=/data/,volume-nocopy", "--mount", "type=bind,source=/etc/,target=/b/./"],
            "'mounts': [ { 'volume': 'VOLUME', 'target': '/data', 'noCopy': true }, { 'source': '/etc', 'target': '/b' } ]"),
        (
            ["--tmpfs", "/run/:size=1m,mode=0755", "--mount", "type=tmpfs,target=/c/,tmpfs-size=1m"],
            "'tmpfs': { '/run': 'mode=755,size=1m', '/c': 'size=1m' }"),
        (["-p", "80:80", "-p", "8000-8010:81", "-p", "90-91:90-91"], "'ports': [ '80:80/tcp', '8000-8010:81', '90:90', '91:91' ]"),
        (
            ["--stop-signal", "2", "--stop-timeout", "-1", "--cpuset-cpus", "0,0", "--security-opt", "no-new-privileges"],
            "'stopSignal': 'INT', 'stopTimeout': 'unlimited', 'resources': { 'cpuset': '0' }, 'securityOptions': "
                + "[ 'no-new-privileges:true' ]"),
        (["--health-cmd", "true", "--health-interval", "1500ms"], "'health': { 'test': 'true', 'interval': '1.5s' }"),
    ];

    private Site _site = null!;

    private PlanTargets Targets => new(_site.Cluster()) { Docker = _site.Docker };

    private string Volume => _site.Driver + "-data";

    private string Image => _site.Driver + "-image";

    public async Task InitializeAsync()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        _site = await Site.StartAsync(engine.DockerHost);
        (await _site.ApplyAsync($$"""{ "volumes": [ { "name": "{{Volume}}", "size": "32MB" } ] }""")).Expect(0);
        (await _site.DockerAsync("tag", TestImages.Busybox, Image)).Expect(0);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.RemoveContainersAsync();
            _ = await _site.DockerAsync("rmi", Image);
            await _site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task What_was_applied_has_an_empty_plan_however_it_is_written_and_so_has_its_export()
    {
        var spoken = Version.Parse((await _site.Docker.GetVersionAsync(CancellationToken.None)).ApiVersion);
        var spellings = Spellings.Concat(Newer.Where(row => Version.Parse(row.Least) <= spoken).Select(row => row.Spelling)).ToArray();
        var containers = spellings.Select((spelling, number) => Container(number, spelling)).ToArray();
        var document = Read(containers);
        var report = await Applier.ApplyAsync(await PlanAsync(document), new ApplyOptions(), progress: null, CancellationToken.None);
        Assert.Empty(report.Outcomes.Where(outcome => outcome.Error is not null).Select(outcome => $"{outcome.Step}: {outcome.Error}"));
        Assert.Empty(Differences(await PlanAsync(document)));

        var configuration = await new ConfigurationExporter(Targets)
            .ExportAsync(new ExportOptions { Docker = true, Environment = true }, CancellationToken.None);
        Assert.DoesNotContain(configuration.Omissions, line => line.Contains(_site.Driver, StringComparison.Ordinal));
        var exported = ConfigurationReader.Read(ConfigurationWriter.Write(configuration), "export");
        Assert.Equal(
            spellings.Length,
            exported.Docker!.Containers.Count(container => container.Name.StartsWith(_site.Driver, StringComparison.Ordinal)));
        Assert.Empty(Differences(await PlanAsync(exported)));
    }

    [SkippableFact]
    public async Task What_was_made_by_hand_is_as_a_document_that_means_the_same_desires_it()
    {
        for (var number = 0; number < ByHand.Length; number++)
        {
            string[] create =
            [
                "create",
                "--name",
                Name(number),
                "--network",
                "none",
                "--volume-driver",
                _site.Driver,
                .. ByHand[number].Arguments.Select(Fill),
                TestImages.Busybox,
                "sleep",
                "1",
            ];
            (await _site.DockerAsync(create)).Expect(0);
        }

        Assert.Empty(Differences(await PlanAsync(Read(ByHand.Select((pair, number) => Container(number, pair.Document))))));
    }

    private static IEnumerable<string> Differences(Plan plan) =>
        plan.Changes.Select(step => $"{step} {step.Reason} {string.Join(", ", step.Changes)}");

    private Task<Plan> PlanAsync(Configuration document) => new Planner(Targets).PlanAsync(document, CancellationToken.None);

    private string Name(int number) => $"{_site.Driver}-{number:00}";

    private string Fill(string text) =>
        text.Replace("VOLUME", Volume, StringComparison.Ordinal).Replace("IMAGE", Image, StringComparison.Ordinal);

    // Made and not started: this engine has no network, and the machine not all that is asked for.
    private string Container(int number, string members)
    {
        var image = members.StartsWith("'image'", StringComparison.Ordinal) ? string.Empty : $"'image': '{TestImages.Busybox}', ";
        var command = members.Contains("'command'", StringComparison.Ordinal) ? string.Empty : "'command': [ 'sleep', '1' ], ";
        return Fill($"{{ 'name': '{Name(number)}', 'state': 'Stopped', {image}{command}{members} }}");
    }

    private Configuration Read(IEnumerable<string> containers) => ConfigurationReader.Read(
        new ClientServices().ReadJson(
            $"{{ 'docker': {{ 'plugin': {{ 'name': '{_site.Driver}' }}, 'containers': [ {string.Join(", ", containers)} ] }} }}".Replace(
                '\'', '"'),
            "spellings"),
        "spellings") is var read
        ? read with { Docker = read.Docker! with { Plugin = null } } : throw new InvalidOperationException();
}
