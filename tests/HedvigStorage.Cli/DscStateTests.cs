using System.Text.Json.Nodes;
using HedvigStorage.Cli.Dsc;
using HedvigStorage.Cli.Output;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Tests;

/// <summary>
/// What a <c>get</c> tells, held against the members that documents have: a member that is added there is told here, or has a reason not to
/// be.
/// </summary>
public sealed class DscStateTests
{
    private static readonly VolumeAttributes Attributes = new()
    {
        ReplicationFactor = 3,
        ReplicationPolicy = ReplicationPolicy.DataCenterAware,
        DataCenters = ["east", "west"],
        Residence = Residence.Flash,
        CacheEnabled = true,
        Compression = true,
        Deduplication = true,
        Encryption = true,
    };

    // How steps are carried out, or secrets.
    private static readonly string[] NoState =
    [
        "ensure",
        "environment",
        "environmentFile",
        "waitHealthy",
        "dependsOn",
        "recreate",
        "mapped",
        "logging.options",
    ];

    [Fact]
    public void A_policy_is_told_with_all_members() =>
        AssertTold(
            "policy",
            ObjectStates.Of(
                new Policy
                {
                    Name = "gold",
                    Description = "text",
                    Requested = Attributes,
                    SnapshotSchedule = new SnapshotSchedule { Hourly = 1 },
                }));

    [Fact]
    public void A_volume_is_told_with_all_members() => AssertTold("volume", ObjectStates.Of(new Volume
    {
        Name = "data",
        Size = 1L << 30,
        Policy = "gold",
        Requested = Attributes,
        Uid = 1,
        Gid = 2,
        Mode = PermissionBits.Default,
        Protected = true,
        Description = "text",
        SourceVolume = "other",
        SourceSnapshot = "nightly",
    }));

    [Fact]
    public void A_snapshot_is_told_with_all_members() =>
        AssertTold("snapshot", ObjectStates.Of(new Snapshot { Volume = "data", Name = "nightly", Size = 1L << 30 }));

    [Fact]
    public void A_rule_is_told_with_all_members() =>
        AssertTold("access", ObjectStates.Of(new AccessRule { Volume = "data", Target = "proxy1", Address = "10.0.0.7" }));

    [Fact]
    public void A_plugin_host_is_told_with_all_members() => AssertTold("plugin", ObjectStates.Of(new DockerPluginStatus
    {
        Name = "hedvig",
        Mode = DockerPluginMode.Managed,
        Running = true,
        Version = "1.0",
        Host = "web1",
        StateDirectory = "/state",
        MountRoot = "/mnt",
        DataDirectory = "/data",
        OnlineGrowth = true,
    }));

    [Fact]
    public void A_container_is_told_with_all_members_that_are_a_state_and_no_secret()
    {
        var state = ObjectStates.Of(Full());

        AssertTold("container", state);
        AssertNested("container", "resources", state);
        AssertNested("container", "capabilities", state);
        AssertNested("container", "logging", state);
        AssertNested("health", null, new JsonObject { ["health"] = Json(state)["health"]!.DeepClone() }["health"]!.AsObject());
        AssertNested("mount", null, Json(state)["mounts"]![0]!.AsObject(), "source", "image");
        Assert.DoesNotContain("hidden-4711", state.ToJson(), StringComparison.Ordinal);
        Assert.Equal("Running", Json(state)["state"]!.GetValue<string>());
        Assert.Equal("/srv", Json(state)["mounts"]![1]!["source"]!.GetValue<string>());
        Assert.Equal("tools:1", Json(state)["mounts"]![2]!["image"]!.GetValue<string>());
    }

    private static Container Full() => new()
    {
        Id = "0123456789ab",
        Name = "db",
        State = "running",
        Specification = new ContainerSpecification
        {
            Image = "postgres:16",
            Command = ["postgres"],
            EntryPoint = ["/entry"],
            User = "70",
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PASSWORD"] = "hidden-4711" },
            Mounts =
            [
                new ContainerMount { Source = "data", Target = "/data", ReadOnly = true, NoCopy = true, SubPath = "17", Driver = "hedvig" },
                new ContainerMount { Type = "bind", Source = "/srv", Target = "/srv" },
                new ContainerMount { Type = "image", Source = "tools:1", Target = "/tools" },
            ],
            Ports = [new PortMapping { ContainerPort = 5432, HostPort = 5432 }],
            Restart = RestartPolicy.No,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = "db", ["io.hedvigstorage.managed"] = "true" },
            NetworkMode = "host",
            Health = new HealthCheck
            {
                Test = ["CMD", "true"],
                Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(2),
                StartPeriod = TimeSpan.FromSeconds(3),
                Retries = 4,
            },
            StopTimeout = TimeSpan.FromSeconds(20),
            WorkingDirectory = "/work",
            HostName = "db1",
            Settings = ContainerSettings.All.ToDictionary(setting => setting.Name, Sample, StringComparer.Ordinal),
        },
    };

    private static IReadOnlyList<string> Sample(ContainerSetting setting) => setting.Form switch
    {
        ContainerSettingForm.Size => ["16777216"],
        ContainerSettingForm.Number or ContainerSettingForm.WholeNumber => ["2"],
        ContainerSettingForm.Flag => ["true"],
        ContainerSettingForm.Map =>
            ["name=hidden-4711".Replace("hidden-4711", setting.Hidden ? "hidden-4711" : "1", StringComparison.Ordinal)],
        _ => ["text"],
    };

    private static void AssertTold(string definition, DscState state) => AssertNested(definition, null, Json(state));

    private static void AssertNested(string definition, string member, DscState state) =>
        AssertNested(definition, member, Json(state)[member]!.AsObject());

    private static void AssertNested(string definition, string? member, JsonObject told, params string[] except)
    {
        var schema = Definition(definition);
        schema = member is null ? schema : schema["properties"]![member]!.AsObject();
        var wanted = schema["properties"]!.AsObject().Select(property => property.Key)
            .Where(
                name =>
                    !NoState.Contains(member is null ? name : $"{member}.{name}", StringComparer.Ordinal)
                        && !except.Contains(name, StringComparer.Ordinal));
        Assert.Equal(
            wanted.Order(StringComparer.Ordinal),
            told.Select(property => property.Key).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    private static JsonObject Json(DscState state) => JsonNode.Parse(state.ToJson())!.AsObject();

    private static JsonObject Definition(string name)
    {
        return JsonNode.Parse(DocumentJson.Write(ConfigurationSchema.Make(), indented: false))!["$defs"]![name]!.AsObject();
    }
}
