using System.Text.Json;
using System.Text.Json.Nodes;
using HedvigStorage.Hosting;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// One site with a volume of each origin: made by hand, by a document, by Docker, Compose, Podman and Cinder, each with its own tool.
/// </summary>
public sealed class OriginFixture : IAsyncLifetime
{
    /// <summary>What made the volumes.</summary>
    public static IReadOnlyList<string> Origins { get; } = ["hand", "document", "docker", "compose", "podman", "cinder"];

    // How each container was made; Compose makes its own, and so does a document.
    private static readonly (string Origin, string[] Arguments)[] Containers =
    [
        ("hand", ["-v", "VOLUME:/srv/:rw,nocopy", "-v", "/etc/:/host/:ro", "-v", "/anonymous", "-w", "/srv/", "-e", "A=", "-e", "B", "-l", "team=x", "-p", "80:80", "-p", "8000-8010:81", "--stop-timeout", "-1"]),
        ("docker", ["--mount", "type=volume,source=VOLUME,target=/srv/,volume-nocopy", "--mount", "type=tmpfs,target=/c/,tmpfs-size=1m", "--tmpfs", "/run/:size=1m,mode=755", "--entrypoint", ""]),
        ("podman", ["--mount", "type=volume,source=VOLUME,target=/data,readonly", "--health-cmd", "true", "--health-interval", "1500ms", "--hostname", "My.Host", "--restart", "on-failure", "--ulimit", "nofile=64"]),
        ("cinder", ["--volumes-from", "HAND:ro", "-v", "VOLUME:/more/", "--user", "0", "--memory", "32m", "--cpuset-cpus", "0,0", "--cap-add", "CAP_NET_ADMIN"]),
    ];

    private readonly CinderFixture _cinder = new();
    private string _composed = string.Empty;
    private readonly Dictionary<string, (string Name, string Size)> _volumes = new(StringComparer.Ordinal);
    private DockerDaemon? _engine;
    private PodmanEngine? _podman;
    private Site? _site;

    public string? Missing { get; private set; }

    internal Site Site => _site!;

    internal PodmanEngine Podman => _podman!;

    public (string Name, string Size) this[string origin] => _volumes[origin];

    public async Task InitializeAsync()
    {
        await _cinder.InitializeAsync();
        Missing = DockerDaemon.WhyNot() ?? _cinder.Missing ?? PodmanEngine.WhyNot()
            ?? (Programs.Exists("docker-compose") ? null : "docker-compose is not installed.");
        if (Missing is not null)
        {
            return;
        }

        // One of its own: an engine that has known drivers which are gone asks each of them, for 15 s, about a name that it does not know.
        _engine = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName);
        await TestImages.EnsureBusyboxAsync(_engine.Address);
        _site = await Site.StartAsync(_engine.Address);
        _podman = await PodmanEngine.StartAsync();
        await _podman.ConfigureAsync(_site.Driver, $"/run/docker/plugins/{_site.Driver}.sock");
        using (var cluster = _site.Cluster())
        {
            _ = await cluster.CreateVolumeAsync(
                new VolumeSpecification { Name = Name("hand"), Size = new ByteSize("48MB"), Mode = 0b111_000_000 }, CancellationToken.None);
        }

        _volumes["hand"] = (Name("hand"), "48MB");
        (await _site.ApplyAsync($$"""{ "name": "site", "volumes": [ { "name": "{{Name("document")}}", "size": "64MB" } ] }""")).Expect(0);
        _volumes["document"] = (Name("document"), "64MB");
        (await _site.DockerAsync("volume", "create", "-d", _site.Driver, "-o", "size=80MB", Name("docker"))).Expect(0);
        _volumes["docker"] = (Name("docker"), "80MB");
        await ComposeAsync();
        (await _podman.RunAsync("volume", "create", "--driver", _site.Driver, "-o", "size=112MB", Name("podman"))).Expect(0);
        _volumes["podman"] = (Name("podman"), "112MB");
        await UseCinderAsync();
        foreach (var (origin, arguments) in Containers)
        {
            (await _site.DockerAsync(["create", "--name", ContainerOf(origin), "--network", "none", .. arguments.Select(
                argument =>
                    argument.Replace("VOLUME", _volumes[origin].Name, StringComparison.Ordinal)
                        .Replace("HAND", ContainerOf("hand"), StringComparison.Ordinal)), TestImages.Busybox, "sleep", "1000"])).Expect(0);
        }

        (await _site.ApplyAsync($$"""{ "name": "site", "volumes": [ { "name": "{{Name("document")}}", "size": "64MB" } ], "docker": { "plugin": { "name": "DRIVER" }, "containers": [ { "name": "{{ContainerOf("document")}}", "image": "{{TestImages.Busybox}}", "command": [ "sleep", "1000" ], "state": "Stopped", "mounts": [ { "volume": "{{Name("document")}}", "target": "/srv/" } ] } ] } }""")).Expect(0);
    }

    /// <summary>Gets the name of the container that mounts the volume of an origin.</summary>
    public string ContainerOf(string origin) => origin is "compose" ? _composed : $"{_site!.Driver}-{origin}-app";

    public async Task DisposeAsync()
    {
        if (_podman is not null)
        {
            await _podman.DisposeAsync();
        }

        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await _cinder.DisposeAsync();
    }

    // An engine's volumes have one name for all drivers.
    private string Name(string origin) => $"{_site!.Driver}-{origin}";

    private async Task ComposeAsync()
    {
        var file = Path.Combine(_site!.Folder, "compose.yml");
        await File.WriteAllTextAsync(file, $$"""
            version: "3.4"
            services:
              app:
                image: {{TestImages.Busybox}}
                command: [ "true" ]
                network_mode: none
                volumes: [ "data:/srv" ]
            volumes:
              data:
                name: {{Name("compose")}}
                driver: {{_site.Driver}}
                driver_opts: { size: 96MB }
            """);
        (await Programs.RunAsync(
            "docker-compose",
            _site.Folder,
            new Dictionary<string,
            string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = _engine!.Address },
            "--project-name",
            _site.Driver,
            "--file",
            file,
            "up")).Expect(0);
        _volumes["compose"] = (Name("compose"), "96MB");
        _composed =
            (await _site.DockerAsync("ps", "-a", "--format", "{{.Names}}", "-f", "label=com.docker.compose.project=" + _site.Driver))
                .Expect(0).Output.Trim();
    }

    private async Task UseCinderAsync()
    {
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_site!.ClusterData, "run.json")));
        var credential = new ClientServices().ReadCredential(Path.Combine(_site.ClusterData, "credential.json"));
        var (driver, _) = await _cinder.OpenAsync(
            _cinder.Cluster,
            new Uri(run.RootElement.GetProperty("address").GetString()!).Authority,
            credential.UserName,
            credential.Password);
        var id = Guid.NewGuid().ToString();
        _ = (
            await _cinder.StepAsync(
                new JsonObject
                {
                    ["step"] = "create",
                    ["driver"] = driver,
                    ["volume"] = new JsonObject
                    {
                        ["id"] = id,
                        ["size"] = 1,
                        ["displayName"] = "name",
                        ["displayDescription"] = "description",
                        ["project"] = "project",
                        ["type"] = null,
                    },
                })).Succeeded();
        _volumes["cinder"] = ("volume-" + id, "1GB");
    }
}
