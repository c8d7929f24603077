using System.Formats.Tar;
using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Tests;

[Collection(RealDocker.Name)]
public sealed class DockerEngineClientTests(DockerFixture docker) : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(2));
    private readonly string _name = "c-" + Guid.NewGuid().ToString("N")[..8];

    private CancellationToken Limit => _limit.Token;

    public void Dispose() => _limit.Dispose();

    [SkippableFact]
    public async Task The_version_spoken_is_one_that_both_know()
    {
        using var engine = docker.Connect();

        var version = await engine.GetVersionAsync(Limit);

        Assert.Equal("linux", version.OperatingSystem);
        Assert.InRange(Version.Parse(version.ApiVersion), new Version(1, 40), new Version(1, 50));
    }

    [SkippableFact]
    public async Task What_a_container_is_made_with_reads_back_the_same()
    {
        using var engine = docker.Connect();
        await engine.CreateVolumeAsync(_name, "local", Nothing, Nothing, Limit);
        var specification = Sleeper() with
        {
            EntryPoint = ["/bin/busybox"],
            Command = ["sleep", "1000"],
            User = "0:0",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "b=c" },
            Mounts =
            [
                new ContainerMount { Source = _name, Target = "/data", Driver = "local" },
                new ContainerMount { Type = "bind", Source = "/etc", Target = "/host", ReadOnly = true },
            ],
            Ports =
            [
                new PortMapping { HostAddress = "127.0.0.1", HostPort = 15432, ContainerPort = 5432 },
                new PortMapping { ContainerPort = 53, Protocol = "udp" },
            ],
            Restart = new RestartPolicy("on-failure", 3),
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["mine"] = "yes" },
        };

        var id = await engine.CreateContainerAsync(_name, specification, Limit);
        var container = await engine.FindContainerAsync(_name, Limit);

        Assert.NotNull(container);
        Assert.Equal(id, container.Id);
        Assert.Equal(_name, container.Name);
        Assert.Equal("created", container.State);
        var read = container.Specification;
        Assert.Equal(specification.Image, read.Image);
        Assert.Equal(specification.EntryPoint, read.EntryPoint, StringComparer.Ordinal);
        Assert.Equal(specification.Command, read.Command, StringComparer.Ordinal);
        Assert.Equal(specification.User, read.User);
        Assert.Equal("b=c", read.Environment["A"]);
        Assert.Equal("yes", read.Environment["FROM_IMAGE"]);
        Assert.Equal("yes", read.Labels["mine"]);
        Assert.Equal(specification.Mounts, read.Mounts);
        Assert.Equal(specification.Ports.OrderBy(port => port.ContainerPort), read.Ports.OrderBy(port => port.ContainerPort));
        Assert.Equal(specification.Restart, read.Restart);
        Assert.Equal("none", read.NetworkMode);
        var summary = Assert.Single(await engine.ListContainersAsync(["mine=yes"], _name, Limit));
        Assert.Equal(_name, summary.Name);
        Assert.Equal(_name, Assert.Single(summary.Volumes));
        Assert.Empty(await engine.ListContainersAsync(null, "/data", Limit));
        await engine.RemoveContainerAsync(_name, force: true, Limit);
        await engine.RemoveVolumeAsync(_name, Limit);
    }

    [SkippableFact]
    public async Task A_container_starts_stops_changes_its_name_and_policy_and_goes_and_each_may_be_asked_twice()
    {
        using var engine = docker.Connect();
        await engine.CreateContainerAsync(_name, Sleeper(), Limit);

        await engine.StartContainerAsync(_name, Limit);
        await engine.StartContainerAsync(_name, Limit);
        Assert.Equal("running", (await engine.FindContainerAsync(_name, Limit))!.State);
        await engine.UpdateRestartPolicyAsync(_name, new RestartPolicy("unless-stopped", 0), Limit);
        await engine.RenameContainerAsync(_name, _name + "-2", Limit);
        Assert.Null(await engine.FindContainerAsync(_name, Limit));
        Assert.Equal("unless-stopped", (await engine.FindContainerAsync(_name + "-2", Limit))!.Specification.Restart.Name);
        var busy = await Assert.ThrowsAsync<ClusterException>(() => engine.RemoveContainerAsync(_name + "-2", force: false, Limit));
        Assert.Equal(ErrorCode.Busy, busy.Code);
        await engine.StopContainerAsync(_name + "-2", TimeSpan.Zero, Limit);
        await engine.StopContainerAsync(_name + "-2", TimeSpan.Zero, Limit);
        Assert.Equal("exited", (await engine.FindContainerAsync(_name + "-2", Limit))!.State);
        await engine.RemoveContainerAsync(_name + "-2", force: false, Limit);
        await engine.RemoveContainerAsync(_name + "-2", force: false, Limit);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_output_of_both_streams_and_the_exit_status_are_read(bool long_output)
    {
        using var engine = docker.Connect();
        var script = long_output ? "dd if=/dev/zero bs=1024 count=200 2>/dev/null; exit 3" : "echo ü-out; echo err >&2; exit 3";
        await engine.CreateContainerAsync(_name, Sleeper() with { Command = ["sh", "-c", script] }, Limit);
        await engine.StartContainerAsync(_name, Limit);

        var status = await engine.WaitContainerAsync(_name, Limit);
        var logs = await engine.GetContainerLogsAsync(_name, Limit);

        Assert.Equal(3, status);
        Assert.Equal(3, (await engine.FindContainerAsync(_name, Limit))!.ExitCode);
        if (long_output)
        {
            Assert.Equal(200 * 1024, logs.Length);
        }
        else
        {
            Assert.Contains("ü-out\n", logs, StringComparison.Ordinal);
            Assert.Contains("err\n", logs, StringComparison.Ordinal);
        }

        await engine.RemoveContainerAsync(_name, force: true, Limit);
    }

    [SkippableFact]
    public async Task A_name_in_use_is_a_conflict()
    {
        using var engine = docker.Connect();
        await engine.CreateContainerAsync(_name, Sleeper(), Limit);

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.CreateContainerAsync(_name, Sleeper(), Limit));

        Assert.Equal(ErrorCode.Conflict, error.Code);
        Assert.Contains(_name, error.Message, StringComparison.Ordinal);
        await engine.RemoveContainerAsync(_name, force: true, Limit);
    }

    [SkippableFact]
    public async Task An_image_says_what_it_sets_and_one_that_is_missing_is_none()
    {
        using var engine = docker.Connect();

        var image = await engine.FindImageAsync(DockerFixture.BusyboxImage, Limit);

        Assert.Equal("yes", image!.Environment["FROM_IMAGE"]);
        Assert.Equal("test", image.Labels["origin"]);
        Assert.Null(await engine.FindImageAsync("no/such/image:1", Limit));
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => engine.CreateContainerAsync(_name, Sleeper() with { Image = "no/such/image:1" }, Limit));
        Assert.Equal(ErrorCode.NotFound, error.Code);
    }

    [SkippableFact]
    public async Task A_pull_from_a_registry_that_is_not_there_says_so()
    {
        using var engine = docker.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.PullImageAsync("127.0.0.1:1/team/app:1", null, Limit));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Contains(
            "'127.0.0.1:1/team/app:1' is not on this Docker Engine, and its registry cannot be reached",
            error.Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_volume_is_made_found_listed_and_removed_and_one_in_use_is_busy()
    {
        using var engine = docker.Connect();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["mine"] = "yes" };

        var made = await engine.CreateVolumeAsync(_name, "local", Nothing, labels, Limit);
        await engine.CreateContainerAsync(
            _name, Sleeper() with { Mounts = [new ContainerMount { Source = _name, Target = "/data" }] }, Limit);

        Assert.Equal("local", made.Driver);
        Assert.Equal("yes", (await engine.FindVolumeAsync(_name, Limit))!.Labels["mine"]);
        Assert.Contains(
            await engine.ListVolumesAsync("local", Limit), volume => string.Equals(volume.Name, _name, StringComparison.Ordinal));
        Assert.Empty(await engine.ListVolumesAsync("hedvig", Limit));
        var busy = await Assert.ThrowsAsync<ClusterException>(() => engine.RemoveVolumeAsync(_name, Limit));
        Assert.Equal(ErrorCode.Busy, busy.Code);
        await engine.RemoveContainerAsync(_name, force: true, Limit);
        await engine.RemoveVolumeAsync(_name, Limit);
        await engine.RemoveVolumeAsync(_name, Limit);
        Assert.Null(await engine.FindVolumeAsync(_name, Limit));
    }

    [SkippableFact]
    public async Task A_volume_of_a_driver_that_is_away_is_an_error()
    {
        using var engine = docker.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => engine.CreateVolumeAsync(_name, "nosuchdriver", Nothing, Nothing, Limit));

        Assert.Contains("nosuchdriver", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_network_is_made_found_with_its_containers_listed_and_removed_and_one_in_use_is_busy()
    {
        using var engine = docker.Connect();
        var made = await engine.CreateNetworkAsync(
            new NetworkSpecification
            {
                Name = _name,
                Driver = "bridge",
                Internal = true,
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["mine"] = "yes" },
            },
            Limit);
        try
        {
            var listed = Assert.Single(
                await engine.ListNetworksAsync(Limit), network => string.Equals(network.Name, _name, StringComparison.Ordinal));
            Assert.Equal((made, "bridge", true, "yes"), (listed.Id, listed.Driver, listed.Internal, listed.Labels["mine"]));
            Assert.Equal(
                ErrorCode.Conflict,
                (
                    await Assert.ThrowsAsync<ClusterException>(
                        () => engine.CreateNetworkAsync(new NetworkSpecification { Name = _name }, Limit))).Code);

            await engine.CreateContainerAsync(_name, Sleeper() with { NetworkMode = _name }, Limit);
            await engine.StartContainerAsync(_name, Limit);
            Assert.Equal([_name], (await engine.FindNetworkAsync(_name, Limit))!.Containers);
            Assert.Equal(made, (await engine.FindContainerAsync(_name, Limit))!.Networks[_name]);
            Assert.Equal(ErrorCode.Busy, (await Assert.ThrowsAsync<ClusterException>(() => engine.RemoveNetworkAsync(_name, Limit))).Code);
        }
        finally
        {
            await engine.RemoveContainerAsync(_name, force: true, Limit);
            await engine.RemoveNetworkAsync(_name, Limit);
        }

        await engine.RemoveNetworkAsync(_name, Limit);
        Assert.Null(await engine.FindNetworkAsync(_name, Limit));
    }

    [SkippableFact]
    public async Task A_health_check_a_stop_time_a_folder_and_a_host_name_read_back_the_same_and_the_last_word_of_the_check_is_told()
    {
        using var engine = docker.Connect();
        var health = new HealthCheck { Test = ["CMD-SHELL", "echo not yet; exit 1"], Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromMilliseconds(1500), StartPeriod = TimeSpan.FromSeconds(2), Retries = 1 };
        await engine.CreateContainerAsync(
            _name,
            Sleeper() with { Health = health, StopTimeout = TimeSpan.FromSeconds(3), WorkingDirectory = "/tmp", HostName = "named" },
            Limit);

        var container = (await engine.FindContainerAsync(_name, Limit))!;
        var read = container.Specification;
        Assert.Equal(health.Test, read.Health!.Test);
        Assert.Equal(health, read.Health with { Test = health.Test });
        Assert.Equal((TimeSpan.FromSeconds(3), "/tmp", "named"), (read.StopTimeout, read.WorkingDirectory, read.HostName));
        Assert.Null(container.Health);

        await engine.StartContainerAsync(_name, Limit);
        while ((container = (await engine.FindContainerAsync(_name, Limit))!).Health?.Status is not "unhealthy")
        {
            await Task.Delay(50, Limit);
        }

        Assert.Equal("not yet", container.Health!.LastOutput);
        await engine.RemoveContainerAsync(_name, force: true, Limit);
    }

    [SkippableFact]
    public async Task A_volume_without_a_name_is_told_from_one_with()
    {
        using var engine = docker.Connect();
        await engine.CreateContainerAsync(
            _name,
            Sleeper() with
            {
                Mounts =
                [
                    new ContainerMount { Source = _name, Target = "/named" },
                    new ContainerMount { Source = string.Empty, Target = "/unnamed" },
                ],
            },
            Limit);

        var unnamed = Assert.Single((await engine.FindContainerAsync(_name, Limit))!.AnonymousVolumes);

        Assert.NotEqual(_name, unnamed);
        await engine.RemoveContainerAsync(_name, force: true, Limit);
        await engine.RemoveVolumeAsync(unnamed, Limit);
        await engine.RemoveVolumeAsync(_name, Limit);
    }

    [SkippableTheory]
    [InlineData("..")]
    [InlineData("")]
    public async Task A_name_that_would_lead_to_another_call_is_refused(string name)
    {
        using var engine = docker.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.FindContainerAsync(name, Limit));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plugin_whose_name_is_in_use_is_a_conflict_though_the_engine_does_not_read_what_is_uploaded(bool bareStream)
    {
        using var direct = docker.Connect();
        var socket = docker.Daemon!.Socket;
        using var engine = bareStream ? ConnectBare(direct.Address, socket) : docker.Connect();
        await engine.CreatePluginAsync(_name, Archive(contentBytes: 0), Limit);
        try
        {
            var error = await Assert.ThrowsAsync<ClusterException>(
                () => engine.CreatePluginAsync(_name, Archive(contentBytes: 32 << 20), Limit));

            Assert.Equal(ErrorCode.Conflict, error.Code);
            Assert.Contains("already exists", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await engine.RemovePluginAsync(_name, force: true, Limit);
        }
    }

    [SkippableFact]
    public async Task The_stream_handler_for_windows_powershell_does_the_same_over_a_bare_stream()
    {
        using var direct = docker.Connect();
        var socket = docker.Daemon!.Socket;
        using var engine = ConnectBare(direct.Address, socket);

        await engine.CreateContainerAsync(
            _name, Sleeper() with { Command = ["sh", "-c", "dd if=/dev/zero bs=1024 count=200 2>/dev/null; exit 4"] }, Limit);
        await engine.StartContainerAsync(_name, Limit);

        Assert.Equal(4, await engine.WaitContainerAsync(_name, Limit));
        Assert.Equal(200 * 1024, (await engine.GetContainerLogsAsync(_name, Limit)).Length);
        Assert.Null(await engine.FindContainerAsync("no-such", Limit));
        await engine.RemoveContainerAsync(_name, force: true, Limit);
    }

    [SkippableFact]
    public async Task Cancelling_ends_the_wait_over_a_bare_stream()
    {
        using var direct = docker.Connect();
        var socket = docker.Daemon!.Socket;
        using var engine = ConnectBare(direct.Address, socket);
        await engine.CreateContainerAsync(_name, Sleeper(), Limit);
        await engine.StartContainerAsync(_name, Limit);
        using var cancellation = new CancellationTokenSource();

        var wait = engine.WaitContainerAsync(_name, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await engine.RemoveContainerAsync(_name, force: true, Limit);
    }

    private static DockerEngineClient ConnectBare(Uri address, string socket) =>
        new(address, new BareStreamHandler(token => DockerTransport.ConnectSocketAsync(socket, token)));

    // A managed plugin that does nothing.
    private static MemoryStream Archive(int contentBytes)
    {
        var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            const string Configuration = """{ "description": "test", "entrypoint": [ "/x" ], "interface": { "types": [ "docker.volumedriver/1.0" ], "socket": "x.sock" }, "network": { "type": "none" }, "linux": {} }""";
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "config.json")
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Configuration)),
                });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "rootfs/"));
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "rootfs/content") { DataStream = new MemoryStream(new byte[contentBytes]) });
        }

        archive.Position = 0;
        return archive;
    }

    private static ContainerSpecification Sleeper() => new()
    {
        Image = DockerFixture.BusyboxImage,
        Command = ["sleep", "1000"],
        NetworkMode = "none",
    };
}
