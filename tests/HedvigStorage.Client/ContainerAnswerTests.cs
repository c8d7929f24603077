using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Tests;

/// <summary>
/// What engines answer about containers that were made in all the ways of their own command line, as engines 26 and 28 have answered it.
/// </summary>
public sealed class ContainerAnswerTests
{
    private static readonly string[] None = [];

    [Fact]
    public async Task Binds_and_mounts_are_told_by_where_they_are_mounted_however_that_was_written()
    {
        // docker create -v v1:/data/ -v /etc/:/host/ -v v1:/q:ro,nocopy -v /anon --mount
        // type=volume,source=v1,target=/sub/,volume-subpath=a/b/ --mount type=bind,source=/etc/,target=/host2//x/../y/
        var container = await FindAsync("""
            "Config": { "Image": "busybox", "WorkingDir": "/srv", "Volumes": { "/anon": {} } },
            "HostConfig": {
              "Binds": [ "v1:/data/", "/etc/:/host/", "v1:/q:ro,nocopy" ],
              "Mounts": [ { "Type": "volume", "Source": "v1", "Target": "/sub/", "VolumeOptions": { "Subpath": "a/b/", "DriverConfig": {} } }, { "Type": "bind", "Source": "/etc/", "Target": "/host2//x/../y/" } ] },
            "Mounts": [
              { "Type": "bind", "Source": "/etc", "Destination": "/host", "Mode": "", "RW": true, "Propagation": "rprivate" },
              { "Type": "volume", "Name": "v1", "Source": "/x", "Destination": "/sub", "Driver": "hedvig:latest", "Mode": "z", "RW": true },
              { "Type": "bind", "Source": "/etc", "Destination": "/host2/y", "Mode": "", "RW": true, "Propagation": "rprivate" },
              { "Type": "volume", "Name": "v1", "Source": "/x", "Destination": "/data", "Driver": "hedvig:latest", "Mode": "z", "RW": true },
              { "Type": "volume", "Name": "v1", "Source": "/x", "Destination": "/q", "Driver": "hedvig:latest", "Mode": "z", "RW": false },
              { "Type": "volume", "Name": "0f", "Source": "/x", "Destination": "/anon", "Driver": "local", "RW": true } ]
            """);
        Assert.Equal(
            [
                new ContainerMount { Source = "v1", Target = "/data", Driver = "hedvig" },
                new ContainerMount { Type = "bind", Source = "/etc", Target = "/host" },
                new ContainerMount { Type = "bind", Source = "/etc", Target = "/host2/y" },
                new ContainerMount { Source = "v1", Target = "/q", Driver = "hedvig", ReadOnly = true, NoCopy = true },
                new ContainerMount { Source = "v1", Target = "/sub", Driver = "hedvig", SubPath = "a/b" },
            ],
            container.Specification.Mounts.OrderBy(mount => mount.Target, StringComparer.Ordinal));
        Assert.Equal(["0f"], container.AnonymousVolumes);
        Assert.Equal(None, container.Specification.Others);
    }

    [Fact]
    public async Task Images_that_are_mounted_and_file_systems_in_memory_are_told()
    {
        // docker create --mount type=image,source=busybox,target=/img/,image-subpath=bin/ --mount
        // type=tmpfs,target=/c/,tmpfs-size=1m,tmpfs-mode=755 --mount type=tmpfs,target=/y,readonly --tmpfs /x/:exec
        var container = await FindAsync("""
            "HostConfig": {
              "Tmpfs": { "/x/": "exec" },
              "Mounts": [
                { "Type": "image", "Source": "busybox:stable", "Target": "/img/", "ImageOptions": { "Subpath": "bin/" } },
                { "Type": "tmpfs", "Target": "/c/", "TmpfsOptions": { "SizeBytes": 1048576, "Mode": 493, "Options": [ [ "noexec" ], [ "uid", "5" ] ] } },
                { "Type": "tmpfs", "Target": "/y", "ReadOnly": true } ] },
            "Mounts": [
              { "Type": "image", "Name": "busybox:stable", "Source": "/x/merged", "Destination": "/img", "RW": false },
              { "Type": "tmpfs", "Source": "", "Destination": "/c", "RW": true } ]
            """);
        Assert.Equal(
            [new ContainerMount { Type = "image", Source = "busybox:stable", Target = "/img", SubPath = "bin" }],
            container.Specification.Mounts);
        Assert.Equal(["/c=mode=0755,noexec,size=1048576,uid=5", "/x=exec", "/y=ro"], container.Specification.Settings["tmpfs"]);
    }

    [Fact]
    public async Task The_volumes_of_another_container_are_told_as_mounts_of_their_own()
    {
        // docker create --volumes-from other:ro -v /anon3
        var container = await FindAsync("""
            "Config": { "Volumes": { "/anon3": {} } },
            "HostConfig": { "VolumesFrom": [ "other:ro" ] },
            "Mounts": [
              { "Type": "volume", "Name": "v1", "Source": "/x", "Destination": "/q", "Driver": "hedvig", "RW": false },
              { "Type": "bind", "Source": "/tmp", "Destination": "/t", "RW": false, "Propagation": "rslave" },
              { "Type": "volume", "Name": "97", "Source": "/x", "Destination": "/anon3", "Driver": "local", "RW": true } ]
            """);
        Assert.Equal(
            [new ContainerMount { Source = "v1", Target = "/q", Driver = "hedvig", ReadOnly = true }, new ContainerMount { Type = "bind", Source = "/tmp", Target = "/t", ReadOnly = true }],
            container.Specification.Mounts);
        Assert.Equal(["97"], container.AnonymousVolumes);
        Assert.Equal(None, container.Specification.Others);
    }

    [Fact]
    public async Task Ports_are_told_as_they_were_asked_for_ranges_too()
    {
        var container = await FindAsync("""
            "HostConfig": { "PortBindings": {
              "5432/tcp": [ { "HostIp": "", "HostPort": "" } ], "80/TCP": [ { "HostIp": "0.0.0.0", "HostPort": "80" } ], "8000": [ { "HostIp": "", "HostPort": "8000-8010" } ],
              "81/tcp": [ { "HostIp": "0:0::1", "HostPort": "0" } ], "91/tcp": [], "92/tcp": null } }
            """);
        Assert.Equal(
            ["5432", "0.0.0.0:80:80", "8000-8010:8000", "[::1]::81"], container.Specification.Ports.Select(port => port.ToString()));
    }

    [Fact]
    public async Task A_variable_that_is_taken_away_is_not_one_that_is_empty_and_a_time_without_end_is_not_none()
    {
        var container = await FindAsync("""
            "Config": { "Env": [ "A=", "B" ], "StopTimeout": -1 }
            """);
        Assert.Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = string.Empty }, container.Specification.Environment);
        Assert.Equal(["that the variable B of the image is taken away"], container.Specification.Others);
        Assert.True(container.Specification.StopTimeout < TimeSpan.Zero);
    }

    [Theory]
    [InlineData("backend", "backend")]
    [InlineData("0123456789ab", "backend")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "backend")]
    [InlineData("host", "host")]
    [InlineData("default", null)]
    public async Task A_network_is_told_by_its_name(string mode, string? expected)
    {
        var container = await FindAsync($$"""
            "HostConfig": { "NetworkMode": "{{mode}}" },
            "NetworkSettings": { "Networks": { "backend": { "NetworkID": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" } } }
            """);
        Assert.Equal(expected, container.Specification.NetworkMode);
    }

    [Fact]
    public async Task Options_of_binds_that_no_document_can_say_are_named_and_those_that_say_nothing_are_not()
    {
        var container = await FindAsync("""
            "HostConfig": {
              "Binds": [ "/a:/a:rw,rprivate,delegated", "/b:/b/:ro,z", "C:\\x:C:\\y:ro" ],
              "Mounts": [ { "Type": "bind", "Source": "/c", "Target": "/c", "BindOptions": { "NonRecursive": true, "Propagation": "rslave" } } ] }
            """);
        Assert.Equal(
            ["the options z of the mount at /b/", "the propagation of the mount at /c", "how the mount at /c takes in the mounts below its "
                + "source"],
            container.Specification.Others);
    }

    [Theory]
    [InlineData("Config")]
    [InlineData("HostConfig")]
    [InlineData("State")]
    public async Task An_answer_that_lacks_a_part_is_an_error_and_no_container_without_settings(string part)
    {
        using var engine = new DockerEngineClient(new Uri("unix:///x"), new ScriptedEngine($$"""{ "Id": "1", "Name": "/c", {{string.Join(", ", new[] { "Config", "HostConfig", "State" }.Where(name => name != part).Select(name => $"\"{name}\": {{}}"))}} }"""));
        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.FindContainerAsync("c", CancellationToken.None));
        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains($"'{part}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.55", "1.40", "1.50")]
    [InlineData("1.55", "1.44", "1.50")]
    [InlineData("1.60", "1.52", "1.52")]
    [InlineData("1.45", "1.24", "1.45")]
    [InlineData("1.40", "1.12", "1.40")]
    public async Task The_version_spoken_is_the_newest_that_both_know_or_else_the_oldest_that_the_engine_takes(
        string newest, string oldest, string spoken)
    {
        var script = new ScriptedEngine("[]", newest, oldest);
        using var engine = new DockerEngineClient(new Uri("unix:///x"), script);
        Assert.Empty(await engine.ListContainersAsync(null, null, CancellationToken.None));
        Assert.Equal(spoken, (await engine.GetVersionAsync(CancellationToken.None)).ApiVersion);
        Assert.StartsWith($"/v{spoken}/containers", script.Asked[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_too_old_says_so()
    {
        using var engine = new DockerEngineClient(new Uri("unix:///x"), new ScriptedEngine("[]", "1.39", "1.12"));
        Assert.Equal(
            ErrorCode.Unsupported, (await Assert.ThrowsAsync<ClusterException>(() => engine.GetVersionAsync(CancellationToken.None))).Code);
    }

    private static async Task<Container> FindAsync(string members)
    {
        var given = new[] { "Config", "HostConfig", "State" }.Where(name => !members.Contains($"\"{name}\":", StringComparison.Ordinal))
            .Select(name => $"\"{name}\": {{}}, ");
        using var engine = new DockerEngineClient(
            new Uri("unix:///x"), new ScriptedEngine($$"""{ "Id": "1", "Name": "/c", {{string.Concat(given)}}{{members}} }"""));
        return (await engine.FindContainerAsync("c", CancellationToken.None))!;
    }
}
