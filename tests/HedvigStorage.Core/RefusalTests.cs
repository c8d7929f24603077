using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>What the cluster or the engine would refuse is refused by the plan, with its place, and nothing is changed.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly DockerSite _site = new();

    public RefusalTests()
    {
        _site.Cluster.Capabilities = _site.Cluster.Capabilities with
        {
            MinimumVolumeSize = new ByteSize(1 << 20), MaximumVolumeSize = new ByteSize(1L << 40),
        };
        _site.Cluster.FakeAccess.Targets =
        [
            new Target { Name = "block1", Protocol = TargetProtocol.Block },
            new Target { Name = "nfs1", Protocol = TargetProtocol.Nfs },
        ];
        _site.Cluster.Policies["gold"] = new Policy
        {
            Name = "gold",
            Requested = new VolumeAttributes { Compression = false },
            VolumeCount = 2,
        };
        _site.Cluster.Volumes["there"] = new Volume { Name = "there", Size = ByteSize.FromGigabytes(1), Policy = "gold" };
        _site.Cluster.Volumes["files"] = new Volume { Name = "files", Size = ByteSize.FromGigabytes(1), Type = VolumeType.File };
        _site.Cluster.Snapshots["there@s"] = new Snapshot { Volume = "there", Name = "s", Size = ByteSize.FromGigabytes(1) };
    }

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("'volumes': [ { 'name': 'ok', 'size': '1GB' }, { 'name': 'a', 'size': '1GB', 'policy': 'glod' } ]", "$.volumes[1].policy: "
        + "There is no policy 'glod', neither on the cluster nor in the document. Did you mean 'gold'?")]
    [InlineData(
        "'volumes': [ { 'name': 'there', 'policy': 'silver', 'size': '1GB' } ]", "$.volumes[0].policy: There is no policy 'silver'")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '8MB' } ]", "$.volumes[0].size: The size 8MB is out of range: "
        + "a volume with ext4 has 16MB to 1TB here.")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '200MB', 'fileSystem': 'xfs' } ]", "$.volumes[0].size: "
        + "The size 200MB is out of range: a volume with xfs has 300MB to 1TB here.")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '2TB' } ]", "$.volumes[0].size: The size 2TB is out of range")]
    [InlineData("'volumes': [ { 'name': 'there', 'size': '2TB' } ]", "$.volumes[0].size: The size 2TB is out of range: "
        + "a volume with ext4 has 1GB to 1TB here.")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '1GB', 'encryption': true } ]", "$.volumes[0].encryption: "
        + "Encryption needs key management, which this cluster does not have: Run setkmsinfo command")]
    [InlineData("'policies': [ { 'name': 'p', 'encryption': true } ]", "$.policies[0].encryption: Encryption needs key management")]
    [InlineData("'policies': [ { 'name': 'gold', 'deduplication': true } ]", "$.policies[0]: With what it has already: "
        + "Deduplication needs compression")]
    [InlineData(
        "'policies': [ { 'name': 'gold', 'ensure': 'Absent' } ], 'volumes': [ { 'name': 'there', 'ensure': 'Absent' } ]",
        "$.policies[0].ensure: The policy 'gold' cannot be removed: a volume has it that the document gives no other one.")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'gone' } ]", "$.volumes[0].from: The volume 'gone' couldn't be found, "
        + "neither on the cluster nor in the document.")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'there', 'snapshot': 'gone' } ]", "$.volumes[0].snapshot: "
        + "There is no snapshot 'gone' of the volume 'there'")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'there', 'snapshot': 's', 'size': '512MB' } ]", "$.volumes[0].size: "
        + "The clone 'a' would have 512MB, less than the 1GB of its source. Give 1GB or more.")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'there', 'type': 'File' } ]", "$.volumes[0].type: "
        + "The clone 'a' cannot be of type File: its source is of type Block.")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'there', 'fileSystem': 'Xfs' } ]", "$.volumes[0].fileSystem: "
        + "The clone 'a' cannot have Xfs: its source has Ext4.")]
    [InlineData("'access': [ { 'volume': 'there', 'target': 'block2', 'type': 'ip', 'address': '10.0.0.7' } ]", "$.access[0].target: "
        + "No target 'block2' is configured on this cluster. Did you mean 'block1'?")]
    [InlineData("'access': [ { 'volume': 'there', 'target': 'nfs1', 'type': 'ip', 'address': '10.0.0.7' } ]", "$.access[0].target: "
        + "The volume 'there' is of type Block; the target 'nfs1' has the protocol Nfs, which serves volumes of type File.")]
    [InlineData(
        "'access': [ { 'volume': 'files', 'target': 'nfs1', 'type': 'iqn', 'address': 'iqn.1993-08.org.debian:01:web1' } ]",
        "$.access[0].type: The target 'nfs1' has the protocol Nfs, whose clients have no IQN.")]
    public async Task What_the_cluster_refuses_is_refused_by_the_plan(string document, string expected)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            new Planner(_site.Targets).PlanAsync(Document.Read($"{{ {document.Replace('\'', '"')} }}"), CancellationToken.None));
        Assert.StartsWith(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.Empty(_site.Cluster.Changes);
    }

    [Theory]
    [InlineData("'policies': [ { 'name': 'p', 'replicationFactor': 3 } ]", "$.policies[0]: 3 copies cannot be placed: there are 2 hosts.")]
    [InlineData("'policies': [ { 'name': 'gold', 'replicationFactor': 3 } ]", "$.policies[0]: 3 copies cannot be placed")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '1GB', 'replicationFactor': 3 } ]", "$.volumes[0]: 3 copies cannot be placed")]
    [InlineData("'volumes': [ { 'name': 'there', 'size': '1GB', 'replicationFactor': 3 } ]", "$.volumes[0]: 3 copies cannot be placed")]
    [InlineData("'volumes': [ { 'name': 'a', 'size': '1GB', 'policy': 'wide' } ]", "$.volumes[0]: 3 copies cannot be placed")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'spread' } ]", "$.volumes[0]: 3 copies cannot be placed")]
    [InlineData(
        "'volumes': [ { 'name': 'b', 'from': 'a' }, { 'name': 'a', 'size': '1GB', 'replicationFactor': 2, 'policy': 'p' } ], "
            + "'policies': [ { 'name': 'p', 'replicationFactor': 3 } ]",
        "$.policies[0]: 3 copies cannot be placed")]
    public async Task A_placement_that_the_cluster_cannot_give_is_refused_by_the_plan(string document, string expected)
    {
        HavePlaces();
        await What_the_cluster_refuses_is_refused_by_the_plan(document, expected);
    }

    [Fact]
    public async Task Placements_are_asked_about_once_each_and_only_where_they_are_new()
    {
        HavePlaces();
        _ = await new Planner(_site.Targets).PlanAsync(
            Document.Read(
                """
                { "volumes": [
                    { "name": "spread", "size": "1GB", "policy": "wide" },
                    { "name": "a", "size": "1GB", "replicationFactor": 2 }, { "name": "b", "size": "1GB", "replicationFactor": 2 },
                    { "name": "c", "from": "b" }, { "name": "d", "from": "there", "replicationFactor": 1 } ] }
                """),
            CancellationToken.None);
        Assert.Equal(
            [new VolumeAttributes { ReplicationFactor = 2 }, new VolumeAttributes { ReplicationFactor = 1, Compression = false }],
            _site.Cluster.PlacementsAsked);
    }

    [Fact]
    public async Task A_cluster_that_places_everything_is_not_asked()
    {
        HavePlaces();
        _site.Cluster.Capabilities = _site.Cluster.Capabilities with { PlacementChecks = false };
        _ = await new Planner(_site.Targets).PlanAsync(
            Document.Read("""{ "volumes": [ { "name": "a", "size": "1GB", "replicationFactor": 3 } ] }"""), CancellationToken.None);
        Assert.Empty(_site.Cluster.PlacementsAsked);
    }

    private void HavePlaces()
    {
        _site.Cluster.Capabilities = _site.Cluster.Capabilities with { PlacementChecks = true, HonouredAttributes = ["replicationFactor"] };
        _site.Cluster.MostCopies = 2;
        var attributes = new VolumeAttributes { ReplicationFactor = 3 };
        _site.Cluster.Policies["wide"] = new Policy { Name = "wide", Requested = attributes };
        _site.Cluster.Volumes["spread"] = new Volume
        {
            Name = "spread",
            Size = ByteSize.FromGigabytes(1),
            Policy = "wide",
            Requested = attributes,
        };
    }

    [Theory]
    [InlineData("'volumes': [ { 'name': 'small', 'size': '4MB' } ]")]
    [InlineData("'volumes': [ { 'name': 'there', 'policy': 'new', 'size': '1GB' } ], 'policies': [ { 'name': 'new' } ]")]
    [InlineData(
        "'volumes': [ { 'name': 'a', 'from': 'there', 'snapshot': 'new' } ], 'snapshots': [ { 'volume': 'there', 'name': 'new' } ]")]
    [InlineData("'volumes': [ { 'name': 'a', 'from': 'b', 'size': '2GB' }, { 'name': 'b', 'size': '2GB' } ]")]
    [InlineData("'access': [ { 'volume': 'there', 'target': 'gone', 'type': 'ip', 'address': '10.0.0.7', 'ensure': 'Absent' } ]")]
    public async Task What_is_there_already_or_comes_with_the_plan_is_not(string document)
    {
        _site.Cluster.Volumes["small"] = new Volume { Name = "small", Size = new ByteSize(4 << 20) };
        _ = await new Planner(_site.Targets).PlanAsync(Document.Read($"{{ {document.Replace('\'', '"')} }}"), CancellationToken.None);
    }

    [Theory]
    [InlineData("'name': 'a'", "$.docker.containers[0].name: The container name 'a' is too short: "
        + "a Docker Engine takes names of 2 characters or more.")]
    [InlineData("'name': 'db.hv-next'", "$.docker.containers[0].name: The container name 'db.hv-next' is not valid")]
    [InlineData("'image': 'Redis:7'", "$.docker.containers[0].image: 'Redis:7' is not the name of an image")]
    [InlineData("'image': 'redis:7:8'", "$.docker.containers[0].image: 'redis:7:8' is not the name of an image")]
    [InlineData("'image': 'redis@sha256:0123'", "$.docker.containers[0].image: 'redis@sha256:0123' is not the name of an image")]
    [InlineData("'hostname': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'", "$.docker.containers[0].hostname: "
        + "The host name has 66 characters, and the kernel takes 64 at most.")]
    [InlineData(
        "'mounts': [ { 'volume': 'v1', 'target': '/data' }, { 'volume': 'v2', 'target': '/data/' } ]",
        "$.docker.containers[0].mounts[1].target: The container 'app' mounts two things at '/data'.")]
    [InlineData("'mounts': [ { 'volume': 'v1', 'target': '/data' } ], 'tmpfs': { '/x/../data': '' }", "$.docker.containers[0].tmpfs: "
        + "The container 'app' mounts two things at '/data'.")]
    [InlineData("'mounts': [ { 'volume': 'v1', 'target': '/data/..' } ]", "$.docker.containers[0].mounts[0].target: "
        + "nothing can be mounted over all of a container.")]
    [InlineData("'tmpfs': { '/': '' }", "$.docker.containers[0].tmpfs: '/' is not valid: nothing can be mounted over all of a container.")]
    [InlineData("'tmpfs': { '/x': 'foo=1' }", "$.docker.containers[0].tmpfs: 'foo=1' is not valid: give options of tmpfs, "
        + "such as size=64m,mode=0755.")]
    [InlineData("'tmpfs': { '/x': 'size=abc' }", "$.docker.containers[0].tmpfs: 'size=abc' is not valid: give a size such as size=64m.")]
    [InlineData("'resources': { 'memorySwap': '1GB' }", "$.docker.containers[0].resources.memorySwap: it limits memory and swap together, "
        + "so it needs 'memory' too.")]
    [InlineData("'resources': { 'memory': '1GB', 'memorySwap': '512MB' }", "$.docker.containers[0].resources.memorySwap: "
        + "512MB for memory and swap together is less than 'memory', 1GB.")]
    [InlineData("'resources': { 'memory': '1GB', 'memoryReservation': '2GB' }", "$.docker.containers[0].resources.memoryReservation: "
        + "2GB is more than 'memory', 1GB.")]
    [InlineData("'resources': { 'cpus': 0.001 }", "$.docker.containers[0].resources.cpus: '0.001' is not valid: "
        + "give a number from 0.01 on, such as 1.5.")]
    [InlineData("'resources': { 'cpuset': '2-1' }", "$.docker.containers[0].resources.cpuset: '2-1' is not valid: "
        + "give processors by their numbers, such as 0-2,4.")]
    [InlineData("'ulimits': { 'foo': 1 }", "$.docker.containers[0].ulimits: 'foo' is not valid: give a limit such as nofile, "
        + "nproc or memlock.")]
    [InlineData("'ulimits': { 'nofile': '3:2' }", "$.docker.containers[0].ulimits: 'nofile=3:2' is not valid: "
        + "the soft limit is at most the hard one.")]
    [InlineData("'capabilities': { 'add': [ 'FOO' ] }", "$.docker.containers[0].capabilities.add: 'FOO' is not valid: "
        + "give a capability such as NET_ADMIN, or ALL.")]
    [InlineData("'securityOptions': [ 'foo=bar' ]", "$.docker.containers[0].securityOptions: 'foo=bar' is not valid")]
    [InlineData("'securityOptions': [ 'no-new-privileges=maybe' ]", "$.docker.containers[0].securityOptions: "
        + "'no-new-privileges=maybe' is not valid")]
    [InlineData("'sysctls': { 'foo': 1 }", "$.docker.containers[0].sysctls: 'foo' is not valid: "
        + "give one that a container can have of its own")]
    [InlineData("'extraHosts': [ 'db:here' ]", "$.docker.containers[0].extraHosts: 'db:here' is not valid: give a name and an address, "
        + "such as db:10.0.0.5.")]
    [InlineData("'dns': [ 'here' ]", "$.docker.containers[0].dns: 'here' is not valid: give an address, such as 10.0.0.2.")]
    [InlineData("'ipc': 'foo'", "$.docker.containers[0].ipc: 'foo' is not valid: give none, private, shareable, host or container:NAME.")]
    [InlineData("'pid': 'foo'", "$.docker.containers[0].pid: 'foo' is not valid: give host or container:NAME.")]
    [InlineData("'stopSignal': 'FOO'", "$.docker.containers[0].stopSignal: 'FOO' is not valid: give a signal such as TERM, or its number, "
        + "1 to 64.")]
    [InlineData("'ports': [ '80:80', '80:81' ]", "$.docker.containers[0].ports: The container 'app' publishes the port 80/tcp of the host "
        + "twice.")]
    [InlineData("'ports': [ '80:80:80' ]", "$.docker.containers[0].ports[0]: '80:80:80' is not a port.")]
    [InlineData("'ports': [ '80-82:80-81' ]", "$.docker.containers[0].ports[0]: '80-82:80-81' is not a port.")]
    [InlineData("'network': 'container:other', 'hostname': 'x'", "$.docker.containers[0].hostname: "
        + "The container 'app' shares the network of 'other': give 'hostname' there.")]
    [InlineData("'network': 'container:other', 'ports': [ '80:80' ]", "$.docker.containers[0].ports: "
        + "The container 'app' shares the network of 'other': give 'ports' there.")]
    [InlineData("'network': 'container:other', 'dns': [ '10.0.0.2' ]", "$.docker.containers[0].dns: "
        + "The container 'app' shares the network of 'other': give 'dns' there.")]
    [InlineData("'network': 'container:app'", "$.docker.containers[0].network: The container 'app' shares the network of 'app', "
        + "which is itself.")]
    public void What_an_engine_refuses_is_refused_when_the_document_is_read(string members, string expected)
    {
        var given = members.StartsWith("'name'", StringComparison.Ordinal)
            ? members + ", 'image': 'app:1'"
            : members.StartsWith("'image'", StringComparison.Ordinal)
            ? "'name': 'app', " + members
            : "'name': 'app', 'image': 'app:1', " + members;
        var error = Assert.Throws<ConfigurationException>(
            () => Document.Read($"{{ \"docker\": {{ \"containers\": [ {{ {given.Replace('\'', '"')} }} ] }} }}"));
        Assert.StartsWith(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'network': 'container:gone'", "1.50", "$.docker.containers[0].network: The container 'app' shares the network of 'gone', "
        + "which is neither in the document nor in the Docker Engine.")]
    [InlineData("'mounts': [ { 'volume': 'v', 'target': '/x', 'subPath': 'a' } ]", "1.41", "$.docker.containers[0].mounts[0]: "
        + "The mount at /x has the subPath 'a', which the Docker Engine 28.2.2 does not know")]
    [InlineData("'mounts': [ { 'image': 'tools:1', 'target': '/x' } ]", "1.47", "$.docker.containers[0].mounts[0]: "
        + "The mount at /x is of the image 'tools:1', and the Docker Engine 28.2.2 mounts no images.")]
    public async Task What_this_engine_refuses_is_refused_by_the_plan(string members, string version, string expected)
    {
        _site.Engine.Version = _site.Engine.Version with { ApiVersion = version };
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => _site.PlanContainersAsync($"{{ 'name': 'app', 'image': 'app:1', {members} }}"));
        Assert.StartsWith(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.Empty(_site.Engine.Changes);
    }

    [Theory]
    [InlineData("'user': '5'", false)]
    [InlineData("'command': [ 'a' ]", true)]
    [InlineData("'entrypoint': [ 'a' ]", true)]
    [InlineData("'entrypoint': [ '' ]", false)]
    public async Task A_container_that_would_have_nothing_to_run_is_refused(string members, bool runs)
    {
        _site.Engine.Images["bare:1"] = new HedvigStorage.Docker.Image { Id = "sha256:bare", Command = [] };
        var plan = () => _site.PlanContainersAsync($"{{ 'name': 'app', 'image': 'bare:1', {members} }}");
        if (runs)
        {
            Assert.True((await plan()).HasChanges);
            return;
        }

        Assert.Equal(
            "$.docker.containers[0]: The image 'bare:1' sets no command, and neither does the container 'app'. Give a 'command'.",
            Assert.Single((await Assert.ThrowsAsync<ConfigurationException>(plan)).Errors));
    }

    [Fact]
    public async Task A_container_that_shares_the_network_of_another_is_made_after_it()
    {
        var plan = await _site.PlanContainersAsync(
            "{ 'name': 'app', 'image': 'app:1', 'network': 'container:net' }, { 'name': 'net', 'image': 'app:1' }");
        Assert.Equal(["container/net", "container/app"], plan.Changes.Select(step => step.Id));
    }

    [Fact]
    public void A_volume_of_the_engine_s_own_driver_has_a_name_of_two_characters() => Assert.Contains(
        "The Docker volume name 'a' is too short",
        Assert.Throws<ConfigurationException>(
            () => Document.Read("""{ "docker": { "volumes": [ { "name": "a", "driver": "local" } ] } }""")).Message,
        StringComparison.Ordinal);
}
