using System.Diagnostics;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// A machine, as an engine and a plugin host see it: it has a network of its own, with a cable to this machine, and mounts of its own, so
/// that its engine finds no plugin host but its own. Kernel, disk and processes are those of this machine.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    // Mounts of others that came along would keep their loop devices. It lives until its input ends, so it ends with the tests in any case.
    private const string Prepare = """
        awk '$3 ~ /^7:/ { print $5 }' /proc/self/mountinfo | xargs -r umount -l
        for folder in /run/docker/plugins /var/lib/hedvigstorage; do mkdir -p $folder && mount -t tmpfs tmpfs $folder || exit 1; done
        ip link set lo up
        echo ready
        exec cat
        """;

    private readonly Process _process;
    private readonly DockerDaemon _engine;
    private readonly string _host;
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-machine-").FullName;

    private Machine(Process process, DockerDaemon engine, string host)
    {
        _process = process;
        _engine = engine;
        _host = host;
    }

    /// <summary>Gets the engine's address, which is reached from everywhere.</summary>
    public string DockerHost => _engine.Address;

    /// <summary>Starts a machine and its engine.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="gateway">The address of this machine's end of the cable, such as <c>10.213.0.1</c>; the next one is the
    /// machine's.</param>
    public static async Task<Machine> StartAsync(string host, string gateway)
    {
        var start = new ProcessStartInfo("unshare", ["--mount", "--net", "sh", "-c", Prepare])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync());
        var end = gateway[..(gateway.LastIndexOf('.') + 1)]
            + (int.Parse(gateway[(gateway.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture) + 1)
                .ToString(CultureInfo.InvariantCulture);
        var cable = string.Create(CultureInfo.InvariantCulture, $"hv{process.Id}");
        string[] enter = Enter(process);
        foreach (string[] command in (string[][])
        [
            ["ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", process.Id.ToString(
                CultureInfo.InvariantCulture)],
            ["ip", "address", "add", gateway + "/30", "dev", cable],
            ["ip", "link", "set", cable, "up"],
            [.. enter, "ip", "address", "add", end + "/30", "dev", "eth0"],
            [.. enter, "ip", "link", "set", "eth0", "up"],
            [.. enter, "ip", "route", "add", "default", "via", gateway],
        ])
        {
            (await Programs.RunAsync(command[0], "/", environment: null, command[1..])).Expect(0);
        }

        var engine = await DockerDaemon.StartInAsync(enter, Directory.CreateTempSubdirectory("hvd-").FullName);
        await TestImages.EnsureBusyboxAsync(engine.Address);
        return new Machine(process, engine, host);
    }

    /// <summary>Installs the plugin host under its usual name, <c>hedvig</c>.</summary>
    public async Task StartPluginAsync(Uri cluster, string credentialFile) =>
        (await HvAsync("plugin", "start", "--cluster", cluster.OriginalString, "--credential-file", credentialFile, "--host", _host))
            .Expect(0);

    /// <summary>Runs hv on the machine.</summary>
    public Task<Ended> HvAsync(params string[] arguments)
    {
        string[] enter = Enter(_process);
        return Programs.RunAsync(enter[0], _folder, environment: null, [.. enter[1..], Programs.Path("hv"), .. arguments]);
    }

    /// <summary>Runs the engine's own client.</summary>
    public Task<Ended> DockerAsync(params string[] arguments) =>
        Programs.RunAsync(
            "docker", _folder, new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = DockerHost }, arguments);

    public async ValueTask DisposeAsync()
    {
        var plugin = await HvAsync("plugin", "stop");
        await _engine.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
        _ = plugin.Expect(0);
    }

    private static string[] Enter(Process process) =>
        ["nsenter", "--mount", "--net", "--target", process.Id.ToString(CultureInfo.InvariantCulture), "--"];
}
