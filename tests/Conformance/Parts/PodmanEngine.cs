using System.Diagnostics;

namespace HedvigStorage.Conformance.Parts;

/// <summary>A Podman of a test's own: its containers, images and settings are in one folder, which knows one volume plugin.</summary>
internal sealed class PodmanEngine : IAsyncDisposable
{
    /// <summary>The image that it has: busybox, with a folder /data.</summary>
    public const string Image = "localhost/busybox:test";

    private readonly string _folder;
    private Process? _service;

    private PodmanEngine(string folder) => _folder = folder;

    /// <summary>Gets the address of its service, which speaks Docker's API.</summary>
    public string Address => "unix://" + Socket;

    private string Socket => Path.Combine(_folder, "api.sock");

    private Dictionary<string, string> Environment =>
        new(StringComparer.Ordinal) { ["CONTAINERS_CONF"] = Path.Combine(_folder, "containers.conf") };

    private string[] Options =>
        ["--root", Path.Combine(
            _folder,
            "root"), "--runroot", Path.Combine(_folder, "run"), "--tmpdir", Path.Combine(_folder, "tmp"), "--storage-driver", "vfs"];

    /// <summary>Says why there is none here, or nothing if there is.</summary>
    public static string? WhyNot() =>
        !Programs.IsRoot ? "Podman with volume plugins needs root."
        : !Programs.Exists("podman") ? "podman is not installed."
        : null;

    /// <summary>Makes one, with its image.</summary>
    public static async Task<PodmanEngine> StartAsync()
    {
        var podman = new PodmanEngine(Directory.CreateTempSubdirectory("hvp-").FullName);
        await podman.ConfigureAsync(driver: null, socket: null);
        var archive = Path.Combine(podman._folder, "image.tar");
        await TestImages.WriteBusyboxAsync(archive);
        (await podman.RunAsync("import", "--change", "ENV PATH=/bin", archive, Image)).Expect(0);
        File.Delete(archive);
        return podman;
    }

    /// <summary>Makes a volume plugin known.</summary>
    /// <param name="driver">Its name.</param>
    /// <param name="socket">Its socket.</param>
    public async Task ConfigureAsync(string? driver, string? socket)
    {
        // A process that may not raise limits may still give containers lower ones.
        var plugin = driver is null ? string.Empty : $"[engine.volume_plugins]\n{driver} = \"{socket}\"\n";
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "containers.conf"),
            "[containers]\nnetns = \"none\"\ndefault_ulimits = [\"nofile=1024:1024\", \"nproc=1024:1024\"]\n[engine]\ncgroup_manager = "
                + "\"cgroupfs\"\nevents_logger = \"file\"\n" + plugin);
    }

    public Task<Ended> RunAsync(params string[] arguments) => Programs.RunAsync("podman", _folder, Environment, [.. Options, .. arguments]);

    /// <summary>Starts the service that speaks Docker's API.</summary>
    public async Task ServeAsync()
    {
        var start = new ProcessStartInfo("podman", [.. Options, "system", "service", "--time", "0", Address])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _service = Process.Start(start)!;
        _service.ErrorDataReceived += (_, _) => { };
        _service.OutputDataReceived += (_, _) => { };
        _service.BeginErrorReadLine();
        _service.BeginOutputReadLine();
        using var http = SocketClient.Create(Socket);
        await Wait.UntilAsync(
            "Podman's service answers",
            async () =>
            {
                try
                {
                    using var response = await http.GetAsync(new Uri("_ping", UriKind.Relative));
                    return response.IsSuccessStatusCode;
                }
                catch (System.Net.Http.HttpRequestException)
                {
                    return false;
                }
            });
    }

    public async ValueTask DisposeAsync()
    {
        _ = await RunAsync("rm", "--force", "--all", "--time", "0");
        if (_service is not null)
        {
            _service.Kill();
            await _service.WaitForExitAsync();
            _service.Dispose();
        }

        var mounts = (await File.ReadAllLinesAsync("/proc/self/mountinfo")).Select(line => line.Split(' ')[4])
            .Where(path => path.StartsWith(_folder + "/", StringComparison.Ordinal)).OrderByDescending(path => path.Length);
        foreach (var mount in mounts.ToArray())
        {
            (await Programs.RunAsync("umount", "/", environment: null, "-l", mount)).Expect(0);
        }

        Directory.Delete(_folder, recursive: true);
    }
}
