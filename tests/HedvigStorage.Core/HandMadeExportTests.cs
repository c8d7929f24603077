using FsCheck.Xunit;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>
/// Exports of what no document has made: rules without a mapping, containers of hands and other tools, plugin hosts of other names.
/// </summary>
public sealed class HandMadeExportTests
{
    private const int Containers = 300;

    [Property(MaxTest = Containers)]
    public async Task A_container_that_somebody_made_is_exported_and_a_plan_of_it_has_nothing_to_do(int seed)
    {
        using var site = new DockerSite();
        var random = new Random(seed);
        var driver = random.Next(3) == 0 ? "other" : "hedvig";
        site.Installer.Others[driver] = new DockerPluginStatus
        {
            Name = driver,
            Running = random.Next(2) == 0 || driver is "other",
            Cluster = "http://cluster:7080/",
        };
        site.Engine.Images["app:1"] = site.Engine.Images["app:1"] with
        {
            Command = Maybe(["serve"]),
            EntryPoint = Maybe(["/init"]),
            User = random.Next(2) == 0 ? "app" : string.Empty,
            WorkingDirectory = random.Next(2) == 0 ? "/srv" : string.Empty,
        };
        for (var number = 0; number < 3; number++)
        {
            _ = await site.Engine.CreateContainerAsync(
                "app" + number.ToString(CultureInfo.InvariantCulture), Next(number), CancellationToken.None);
        }

        site.Engine.Volumes["scratch"] = new EngineVolume { Name = "scratch", Driver = "local" };
        site.Engine.Volumes["data"] = new EngineVolume { Name = "data", Driver = driver };
        var configuration = await new ConfigurationExporter(site.Targets)
            .ExportAsync(new ExportOptions { Docker = true, Environment = random.Next(2) == 0 }, CancellationToken.None);
        Assert.Empty(configuration.Omissions);
        var exported = ConfigurationReader.Read(ConfigurationWriter.Write(configuration), $"seed {seed}");
        Assert.Equal(["app0", "app1", "app2"], exported.Docker!.Containers.Select(container => container.Name));
        var whole = await new Planner(site.Targets).PlanAsync(exported, CancellationToken.None);
        Assert.True(
            !whole.Changes.Any(step => step.Kind != ResourceKind.Plugin),
            $"seed {seed}: {string.Join(", ", whole.Changes.Select(step => $"{step} {string.Join(", ", step.Changes)}"))}");

        IReadOnlyList<string>? Maybe(IReadOnlyList<string> value) => random.Next(2) == 0 ? value : null;

        ContainerSpecification Next(int number) => new()
        {
            Image = "app:1",
            Command = random.Next(3) switch { 0 => null, 1 => ["a", "b"], _ => [string.Empty] },
            EntryPoint = random.Next(3) switch { 0 => null, 1 => ["/x"], _ => [string.Empty] },
            User = Maybe(["0:0"])?[0],
            WorkingDirectory = Maybe(["/a//b/../c/"])?[0],
            HostName = Maybe(["My.Host_1"])?[0],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["A B"] = "=",
                ["PATH"] = random.Next(2) == 0 ? "/bin" : "/sbin",
            },
            Labels = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [" a b"] = string.Empty,
                ["com.docker.compose.project"] = "x",
            },
            Mounts =
            [
                new ContainerMount
                {
                    Source = "data",
                    Target = "/data/",
                    Driver = driver,
                    ReadOnly = random.Next(2) == 0,
                    NoCopy = random.Next(2) == 0,
                    SubPath = random.Next(2) == 0 ? "a/./b/" : null,
                },
                .. random.Next(2) == 0
                    ? [new ContainerMount { Source = "scratch", Target = "/x/../scratch", Driver = "local" }]
                    : Array.Empty<ContainerMount>(),
                .. random.Next(2) == 0
                    ? [new ContainerMount { Type = "bind", Source = "/etc/", Target = "/host/" }]
                    : Array.Empty<ContainerMount>(),
                .. random.Next(2) == 0
                    ? [new ContainerMount { Type = "image", Source = "app:1", Target = "/image/", SubPath = "x/" }]
                    : Array.Empty<ContainerMount>(),
                new ContainerMount { Source = string.Empty, Target = "/anonymous" },
            ],
            Ports =
            [
                new PortMapping { HostPort = 8000 + number, ContainerPort = 80, Protocol = "TCP" },
                .. random.Next(2) == 0 ? [new PortMapping { HostAddress = "0:0::1", ContainerPort = 53, Protocol = "udp" }, new PortMapping { HostPort = 9000, HostPortEnd = 9010, ContainerPort = 81 }] : Array.Empty<PortMapping>(),
            ],
            Restart =
                random.Next(3) switch { 0 => RestartPolicy.No, 1 => new RestartPolicy(
                    "on-failure", random.Next(3)), _ => new RestartPolicy("always", 0) },
            StopTimeout = random.Next(4) switch { 0 => null, 1 => TimeSpan.Zero, 2 => TimeSpan.FromSeconds(-1), _ => TimeSpan.FromDays(3) },
            Health = random.Next(3) switch
            {
                0 => null,
                1 => new HealthCheck { Test = ["NONE"] },
                _ =>
                    new HealthCheck
                    {
                        Test = ["CMD-SHELL", "true"],
                        Interval = TimeSpan.FromTicks(15_000_005),
                        Timeout = TimeSpan.FromDays(2),
                        StartPeriod = TimeSpan.FromMilliseconds(1),
                        Retries = 5,
                    },
            },
            Settings = ContainerSettings.All.Where(_ => random.Next(3) == 0).Select(setting => (setting.Name, Value: Example(setting.Name)))
                .Where(pair => pair.Value is not null)
                .ToDictionary(
                    pair => pair.Name,
                    pair => ContainerSettings.All.Single(setting => setting.Name == pair.Name).Normalise(pair.Value!),
                    StringComparer.Ordinal),
        };
    }

    [Fact]
    public async Task A_rule_without_a_mapping_stays_one_and_a_mapping_without_a_rule_is_told()
    {
        using var site = new DockerSite();
        site.Cluster.Volumes["a"] = new Volume { Name = "a", Size = ByteSize.FromGigabytes(1) };
        site.Cluster.FakeAccess.Rules.Add(new AccessRule { Volume = "a", Target = "t0", Type = AccessRuleType.Ip, Address = "10.0.0.7" });
        site.Cluster.FakeAccess.Rules.Add(new AccessRule { Volume = "a", Target = "t1", Type = AccessRuleType.Ip, Address = "10.0.0.7" });
        _ = site.Cluster.FakeAccess.Luns.Add(("a", "t1"));
        _ = site.Cluster.FakeAccess.Luns.Add(("a", "t2"));
        var configuration = await new ConfigurationExporter(site.Targets).ExportAsync(new ExportOptions(), CancellationToken.None);
        Assert.Equal([("t0", false), ("t1", true)], configuration.Access.Select(access => (access.Target, access.Mapped)));
        Assert.Equal(
            ["The volume 'a' is reached through the target 't2' without an access rule, which no document says."], configuration.Omissions);
        var exported = ConfigurationReader.Read(ConfigurationWriter.Write(configuration), "export");
        Assert.False((await new Planner(site.Targets).PlanAsync(exported, CancellationToken.None)).HasChanges);

        site.Cluster.FakeAccess.Rules.Clear();
        site.Cluster.FakeAccess.RulesNeedMapping = false;
        Assert.True(
            (
                await Applier.ApplyAsync(
                    await new Planner(site.Targets).PlanAsync(exported, CancellationToken.None),
                    new ApplyOptions(),
                    progress: null,
                    CancellationToken.None)).Succeeded);
        Assert.Equal(["t1", "t2"], site.Cluster.FakeAccess.Luns.Select(lun => lun.Target).Order(StringComparer.Ordinal));
        Assert.Equal(2, site.Cluster.FakeAccess.Rules.Count);
    }

    [Fact]
    public async Task A_plugin_host_of_another_name_is_found_by_its_containers_and_one_of_another_cluster_is_not()
    {
        using var site = new DockerSite();
        foreach (var (driver, cluster) in new[] { ("ours", "http://cluster:7080"), ("theirs", "http://elsewhere:7080") })
        {
            site.Installer.Others[driver] = new DockerPluginStatus { Name = driver, Running = true, Cluster = cluster };
            _ = await site.Engine.CreateContainerAsync(
                driver,
                new ContainerSpecification
                {
                    Image = "app:1",
                    Mounts = [new ContainerMount { Source = "data-" + driver, Target = "/data", Driver = driver }],
                },
                CancellationToken.None);
        }

        var configuration = await new ConfigurationExporter(site.Targets)
            .ExportAsync(new ExportOptions { Docker = true }, CancellationToken.None);
        Assert.Equal("ours", configuration.Docker!.Plugin!.Name);
        Assert.Equal(["ours"], configuration.Docker.Containers.Select(container => container.Name));
        Assert.Empty(configuration.Docker.Volumes);
    }

    [Fact]
    public async Task What_no_document_takes_is_told_and_the_rest_is_exported()
    {
        using var site = new DockerSite();
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["io.hedvigstorage.managed"] = "true" };
        _ = await site.Engine.CreateContainerAsync(
            "never-ran",
            new ContainerSpecification
            {
                Image = "app:1",
                Labels = labels,
                Settings = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["ulimits"] = ["foo=1:1"] },
            },
            CancellationToken.None);
        _ = await site.Engine.CreateContainerAsync(
            "runs",
            new ContainerSpecification
            {
                Image = "app:1",
                Labels = labels,
                Others = ["AutoRemove"],
                Mounts = [new ContainerMount { Type = "npipe", Source = "x", Target = "/pipe" }],
            },
            CancellationToken.None);
        var configuration = await new ConfigurationExporter(site.Targets)
            .ExportAsync(new ExportOptions { Docker = true }, CancellationToken.None);
        Assert.Equal(["runs"], configuration.Docker!.Containers.Select(container => container.Name));
        Assert.Equal(
            ["The container 'never-ran' is left out: $.docker.containers[0].ulimits: 'foo' is not valid: give a limit such as nofile, "
                + "nproc or memlock.", "Of the container 'runs' no document can say: AutoRemove, the npipe mount at /pipe."],
            configuration.Omissions);
    }

    // A value of each setting as somebody may have given it.
    private static IReadOnlyList<string>? Example(string setting) => setting switch
    {
        ContainerSettings.Memory => ["512m"],
        ContainerSettings.MemorySwap => null,
        ContainerSettings.MemoryReservation => ["6m"],
        "resources.cpus" => ["0.50"],
        "resources.cpuShares" => ["2"],
        "resources.cpuset" => ["1,0"],
        "resources.pids" => ["5"],
        "shmSize" => ["1000001"],
        "ulimits" => ["nofile=-1", "nproc=1:2"],
        "tmpfs" => ["/run/=rw,size=50%", "/tmp=noexec,mode=01777"],
        "stopSignal" => ["RTMIN+3"],
        "capabilities.add" or "capabilities.drop" => ["all", "cap_kill"],
        "securityOptions" => ["seccomp:unconfined", "no-new-privileges"],
        "groups" => ["5", "audio"],
        "devices" => ["/dev/null/:/dev/nothing:rw"],
        "sysctls" => ["net.core.somaxconn=1"],
        "extraHosts" => ["a:host-gateway", "b=0:0::1"],
        "dns" => ["0:0::1"],
        "dnsSearch" or "dnsOptions" => ["x", "a"],
        "ipc" => ["host"],
        "pid" => ["host"],
        "logging.driver" => ["none"],
        "logging.options" => ["a=b=c"],
        _ => ["true"],
    };
}
