using System.Diagnostics;
using System.Text.Json;
using HedvigStorage.Docker;
using HedvigStorage.Hosting;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// A machine as its operator has it: an embedded cluster and a plugin host, both real processes started by hv, beside a real Docker Engine.
/// Each site has a folder and a driver name of its own, so that several can be on one machine.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private CallRecorder? _calls;
    private string _address = string.Empty;

    private Site(string folder, string dockerHost)
    {
        Folder = folder;
        DockerHost = dockerHost;
        Driver = "hvt" + Guid.NewGuid().ToString("N")[..10];
        Docker = new ClientServices().CreateDockerEngine(dockerHost);
    }

    public string Folder { get; }

    public string DockerHost { get; }

    public string Driver { get; }

    public IDockerEngine Docker { get; }

    /// <summary>Gets the folder of the secrets that documents name.</summary>
    public string Secrets => Path.Combine(Folder, "secrets");

    public string MountRoot => Path.Combine(Folder, "mounts");

    /// <summary>Gets the folder of the cluster host's data.</summary>
    public string ClusterData => Path.Combine(Folder, ".hedvig/cluster");

    /// <summary>Gets the file that the plugin host's log is in.</summary>
    public string PluginLog => $"/var/lib/hedvigstorage/plugins/{Driver}.log";

    private string PluginRecord => Path.ChangeExtension(PluginLog, ".json");

    private string RunFile => Path.Combine(ClusterData, "run.json");

    /// <summary>Gets the engine's calls, of a site that was started with a recorder.</summary>
    public CallRecorder Calls => _calls ?? throw new InvalidOperationException("This site has no recorder.");

    public static async Task<Site> StartAsync(string dockerHost)
    {
        var site = await StartClusterAsync(dockerHost);
        await site.StartPluginAsync();
        return site;
    }

    /// <summary>Starts a site whose engine's calls are recorded on their way to the plugin host.</summary>
    public static async Task<Site> StartRecordedAsync(string dockerHost)
    {
        var site = await StartClusterAsync(dockerHost);
        await site.StartRecordedPluginAsync();
        return site;
    }

    /// <summary>Starts a site that has a cluster and no plugin host yet.</summary>
    public static async Task<Site> StartClusterAsync(string dockerHost, string listen = "http://127.0.0.1:0", params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("hedvigstorage-site-").FullName;
        var site = new Site(folder, dockerHost);
        await site.StartClusterAgainAsync(["--listen", listen, .. options]);

        // It keeps its address when it is started again.
        site._address = (await File.ReadAllTextAsync(Path.Combine(site.ClusterData, "last-address"))).Trim();
        return site;
    }

    /// <summary>Runs hv in the site's folder, whose cluster it finds by itself.</summary>
    public Task<Ended> HvAsync(params string[] arguments) => HvOfAsync(Programs.Directory, arguments);

    /// <summary>Runs the hv of another folder, with the programs beside it.</summary>
    public Task<Ended> HvOfAsync(string programs, params string[] arguments) =>
        Programs.RunAsync(
            Path.Combine(programs, "hv"),
            Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = DockerHost, ["HV_SECRETS"] = Secrets },
            arguments);

    /// <summary>Starts the plugin host; whether the cluster answers at that moment does not matter.</summary>
    public async Task StartPluginAsync(params string[] options) => (await HvAsync([
        "plugin", "start", "--name", Driver, "--state", Path.Combine(Folder, "state"), "--mount-root", MountRoot, "--host", "conformance",
        "--cluster", _address, "--credential-file", Path.Combine(ClusterData, "credential.json"), .. options])).Expect(0);

    /// <summary>Starts the plugin host with a recorder before it.</summary>
    public async Task StartRecordedPluginAsync()
    {
        var socket = Path.Combine(Folder, Driver + ".sock");
        await StartPluginAsync("--socket", socket);
        _calls = await CallRecorder.StartAsync($"/run/docker/plugins/{Driver}.sock", socket);
    }

    /// <summary>Runs the engine's own client.</summary>
    public Task<Ended> DockerAsync(params string[] arguments) =>
        Programs.RunAsync(
            "docker", Folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = DockerHost }, arguments);

    /// <summary>Runs a shell command in a container that is removed afterwards, with a volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="command">The command.</param>
    /// <param name="target">Where the volume is. The image has /data: for such a folder the engine mounts the volume once more before, to
    /// copy what the image has there.</param>
    public Task<Ended> ShellAsync(string volume, string command, string target = "/data") =>
        DockerAsync(
            "run",
            "--rm",
            "--network",
            "none",
            "--volume-driver",
            Driver,
            "-v",
            $"{volume}:{target}",
            TestImages.Busybox,
            "sh",
            "-c",
            command);

    /// <summary>Applies a document, in which DRIVER stands for the driver's name.</summary>
    public async Task<Ended> ApplyAsync(string json, params string[] arguments) =>
        await HvAsync(["apply", await WriteAsync(json), .. arguments]);

    public async Task<Ended> PlanAsync(string json, params string[] arguments) =>
        await HvAsync(["plan", await WriteAsync(json), .. arguments]);

    public async Task<Ended> TestAsync(string json) => await HvAsync(["test", await WriteAsync(json)]);

    public ICluster Cluster()
    {
        using var run = JsonDocument.Parse(File.ReadAllText(RunFile));
        var services = new ClientServices();
        return services.CreateCluster(new ClusterConnection
        {
            Nodes = [new Uri(run.RootElement.GetProperty("address").GetString()!)],
            Credential = services.ReadCredential(Path.Combine(ClusterData, "credential.json")),
        });
    }

    /// <summary>Starts the cluster host that has ended, where it was before.</summary>
    public async Task StartClusterAgainAsync(params string[] options) =>
        (await HvAsync(["cluster", "start", "--reserve", "0", "--overcommit", "0", .. options])).Expect(0);

    /// <summary>Ends the cluster host as the kernel's out-of-memory killer would.</summary>
    public Task KillClusterAsync() => EndAsync("KILL", RunFile);

    /// <summary>Ends the cluster host as its service manager does.</summary>
    public Task StopClusterAsync() => EndAsync("TERM", RunFile);

    /// <summary>Ends the plugin host as the kernel's out-of-memory killer would.</summary>
    public Task KillPluginAsync() => EndAsync("KILL", PluginRecord);

    /// <summary>Ends the plugin host as its service manager does: what is mounted stays so.</summary>
    public Task StopPluginAsync() => EndAsync("TERM", PluginRecord);

    /// <summary>Tells which paths below the site's folder are mounted.</summary>
    public IReadOnlyList<string> Mounts() => File.ReadAllLines("/proc/self/mountinfo")
        .Select(line => line.Split(' ')[4])
        .Where(path => path.StartsWith(Folder + "/", StringComparison.Ordinal))
        .ToArray();

    /// <summary>Removes the containers that are named after the driver or use its volumes.</summary>
    public async Task RemoveContainersAsync()
    {
        foreach (var container in await Docker.ListContainersAsync(labels: null, volume: null, CancellationToken.None))
        {
            var specification = (await Docker.FindContainerAsync(container.Id, CancellationToken.None))?.Specification;
            if (specification?.Mounts.Any(mount => string.Equals(mount.Driver, Driver, StringComparison.Ordinal)) == true
                || container.Name.StartsWith(Driver, StringComparison.Ordinal))
            {
                await Docker.RemoveContainerAsync(container.Id, force: true, CancellationToken.None);
            }
        }
    }

    /// <summary>Ends the site and shows that nothing of it is left; what is left all the same is taken away, for other tests would find
    /// it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await EndAsync();
        }
        catch
        {
            await AbandonAsync();
            throw;
        }
    }

    private async Task EndAsync()
    {
        await RemoveContainersAsync();

        // An engine that remembers a volume of a driver that is gone looks for that driver for 15 s whenever the name comes up again. The
        // driver refuses to remove what it has not made, which ends the engine's memory all the same.
        var volumes = await Docker.ListVolumesAsync(Driver, CancellationToken.None);
        if (volumes.Count > 0)
        {
            _ = await DockerAsync(["volume", "rm", "-f", .. volumes.Select(volume => volume.Name)]);
        }

        if (_calls is not null)
        {
            await _calls.DisposeAsync();
        }

        // A namespace that was made at the moment of an unmount has a copy of the mount until it gets rid of it; the host then looks again.
        await Wait.UntilAsync("nothing is mounted", () => Task.FromResult(Mounts().Count == 0));
        var plugin = await HvAsync("plugin", "stop", "--name", Driver);
        var cluster = await HvAsync("cluster", "stop");
        Docker.Dispose();
        Assert.Empty(Mounts());
        _ = plugin.Expect(0);
        _ = cluster.Expect(0);
        DeletePluginLog();
        Directory.Delete(Folder, recursive: true);
    }

    // Where every host of the site ran in a machine of its own, this one has no such folder.
    private void DeletePluginLog()
    {
        if (File.Exists(PluginLog))
        {
            File.Delete(PluginLog);
        }
    }

    /// <summary>Takes away what a test that has failed has left, in whatever state it is; its engine's containers too.</summary>
    public async Task AbandonAsync()
    {
        var containers = (await DockerAsync("ps", "-aq")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _ = await DockerAsync(["rm", "-f", .. containers]);
        foreach (var process in Process.GetProcesses().Where(IsHostOfThisSite))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        foreach (var mount in Mounts())
        {
            _ = await Programs.RunAsync("umount", "/", environment: null, "-l", mount);
        }

        Docker.Dispose();
        if (_calls is not null)
        {
            await _calls.DisposeAsync();
        }

        foreach (var file in new[] { $"/run/docker/plugins/{Driver}.sock", PluginRecord, PluginLog }.Where(File.Exists))
        {
            File.Delete(file);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private bool IsHostOfThisSite(Process process)
    {
        try
        {
            return process.ProcessName is "hv-plugin" or "hv-cluster"
                && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(Folder + "/", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    // The hosts themselves are not asked, for they may be slow to answer.
    private static async Task EndAsync(string signal, string file)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        using var process = Process.GetProcessById(document.RootElement.GetProperty("processId").GetInt32());
        (await Programs.RunAsync("kill", "/", environment: null, "-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)))
            .Expect(0);
        await process.WaitForExitAsync();
    }

    private async Task<string> WriteAsync(string json)
    {
        var file = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"document-{Guid.NewGuid():N}.json"));
        await File.WriteAllTextAsync(file, json.Replace("DRIVER", Driver, StringComparison.Ordinal));
        return file;
    }
}
