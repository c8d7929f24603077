using System.Diagnostics;
using System.Net.Http;
using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// A cluster host and a plugin host, both real programs, each on a disk of its own that can be filled. The driver is called as an engine
/// calls it. Two volumes are there: <c>held</c> is mounted twice, and <c>free</c> is not.
/// </summary>
public sealed class DisturbedSite : IAsyncLifetime
{
    private const int Attempts = 200;
    private const long VolumeBytes = 16 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private readonly string _folder = Directory.CreateTempSubdirectory("hvf-").FullName;
    private HttpClient? _driver;
    private Process? _cluster;
    private Process? _plugin;
    private string _address = "http://127.0.0.1:0";

    public string? Missing { get; } = Programs.IsRoot ? null : "Mounting needs root.";

    private string ClusterDisk => Path.Combine(_folder, "cluster");

    private string StateDisk => Path.Combine(_folder, "state");

    private string MountRoot => Path.Combine(_folder, "mounts");

    private string Socket => Path.Combine(_folder, "d.sock");

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        foreach (var (disk, size) in new[] { (ClusterDisk, "256m"), (StateDisk, "16m") })
        {
            _ = Directory.CreateDirectory(disk);
            (await Programs.RunAsync("mount", "/", environment: null, "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk)).Expect(0);
        }

        await StartClusterAsync();
        _driver = SocketClient.Create(Socket, keepsConnections: false);
        await StartPluginAsync();
        foreach (var name in new[] { "held", "free", "spare" })
        {
            (await CallAsync("Create", $$$"""{"Name":"{{{name}}}","Opts":{"size":"16MB"}}""")).ExpectSuccess();

            // The first mount makes the file system, for which the disk of the state is needed too.
            (await CallAsync("Mount", $$$"""{"Name":"{{{name}}}","ID":"first"}""")).ExpectSuccess();
            (await CallAsync("Unmount", $$$"""{"Name":"{{{name}}}","ID":"first"}""")).ExpectSuccess();
        }

        (await CallAsync("Mount", """{"Name":"held","ID":"one"}""")).ExpectSuccess();
        (await CallAsync("Mount", """{"Name":"held","ID":"two"}""")).ExpectSuccess();
        await File.WriteAllTextAsync(Path.Combine(MountRoot, "held", "file"), "content");
        (await Programs.RunAsync("sync", "/", environment: null, "-f", Path.Combine(MountRoot, "held"))).Expect(0);

        // What a full disk does to data that has no place yet is not asked here.
        foreach (var image in Directory.EnumerateFiles(
            Path.Combine(ClusterDisk, "data"), "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length == VolumeBytes))
        {
            (
                await Programs.RunAsync(
                    "fallocate",
                    "/",
                    environment: null,
                    "-l",
                    VolumeBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    image)).Expect(0);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var process in new[] { _plugin, _cluster }.OfType<Process>().Where(process => !process.HasExited))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _driver?.Dispose();
        foreach (var mount in Mounts().OrderByDescending(path => path.Length))
        {
            _ = await Programs.RunAsync("umount", "/", environment: null, mount);
        }

        var left = Mounts();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(left);
    }

    /// <summary>Calls the driver.</summary>
    internal async Task<DriverAnswer> CallAsync(string call, string body)
    {
        try
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            using var response = await _driver!.PostAsync(
                new Uri((call is "Activate" ? "Plugin." : "VolumeDriver.") + call, UriKind.Relative), content);
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return new DriverAnswer((int)response.StatusCode, document.RootElement.Clone());
        }
        catch (HttpRequestException)
        {
            return new DriverAnswer(0, default);
        }
    }

    /// <summary>Lets something go wrong until it is put right again.</summary>
    public async Task<IAsyncDisposable> BeginAsync(Disturbance disturbance)
    {
        switch (disturbance)
        {
            case Disturbance.StateFull:
                Fill(StateDisk);

                // The last page of the records has some room yet.
                for (var attempt = 0; (await CallAsync("Mount", """{"Name":"spare","ID":"filling"}""")).Status == 200; attempt++)
                {
                    Assert.True(attempt < Attempts, "The disk of the state is not full.");
                    _ = await CallAsync("Unmount", """{"Name":"spare","ID":"filling"}""");
                }

                break;
            case Disturbance.StateReadOnly:
                await RemountAsync("ro");
                break;
            case Disturbance.ClusterGone:
                await StopAsync(_cluster!);
                break;
            default:
                // A catalog that was just opened has no written pages to use again.
                await StopAsync(_cluster!);
                await StartClusterAsync();
                Fill(ClusterDisk);
                break;
        }

        return new End(() => EndAsync(disturbance));
    }

    /// <summary>Asserts that nothing was lost and nothing was left: all works again.</summary>
    public async Task ExpectWellAsync()
    {
        await UntilSucceedsAsync("Mount", """{"Name":"free","ID":"after"}""");
        (await CallAsync("Unmount", """{"Name":"free","ID":"after"}""")).ExpectSuccess();
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(MountRoot, "held", "file")));
        Assert.Equal([Path.Combine(MountRoot, "held")], Mounts().Where(path => path.StartsWith(MountRoot, StringComparison.Ordinal)));
    }

    /// <summary>Calls the driver until it succeeds: a part that is there again is not always found at once.</summary>
    internal async Task UntilSucceedsAsync(string call, string body)
    {
        DriverAnswer answer;
        var watch = Stopwatch.StartNew();
        while ((answer = await CallAsync(call, body)).Status != 200 && watch.Elapsed < Limit)
        {
            await Task.Delay(100);
        }

        _ = answer.ExpectSuccess();
    }

    private static void Fill(string disk)
    {
        using var file = new FileStream(Path.Combine(disk, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full now.
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var process = Process.Start(
            new ProcessStartInfo(Programs.Path(program), arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private async Task EndAsync(Disturbance disturbance)
    {
        switch (disturbance)
        {
            case Disturbance.StateFull:
                File.Delete(Path.Combine(StateDisk, "filler"));
                break;
            case Disturbance.StateReadOnly:
                await RemountAsync("rw");
                break;
            case Disturbance.ClusterGone:
                await StartClusterAsync();
                break;
            default:
                File.Delete(Path.Combine(ClusterDisk, "filler"));
                break;
        }
    }

    private async Task StartClusterAsync()
    {
        _cluster = Start(
            "hv-cluster", "--data", Path.Combine(ClusterDisk, "data"), "--listen", _address, "--reserve", "0", "--overcommit", "0");
        var line = await _cluster.StandardOutput.ReadLineAsync();
        Assert.True(line?.StartsWith("Listening on http://", StringComparison.Ordinal), $"hv-cluster did not start: {line}");
        using var run = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(ClusterDisk, "data/run.json")));
        _address = run.RootElement.GetProperty("address").GetString()!.TrimEnd('/');
    }

    private async Task StartPluginAsync()
    {
        _plugin = Start(
            "hv-plugin",
            "--cluster",
            _address,
            "--credential-file",
            Path.Combine(ClusterDisk, "data/credential.json"),
            "--socket",
            Socket,
            "--state",
            StateDisk,
            "--mount-root",
            MountRoot,
            "--host",
            "disturbed");
        await Wait.UntilAsync(
            "the plugin host answers", async () => File.Exists(Socket) && (await CallAsync("Activate", string.Empty)).Status == 200);
    }

    private static async Task StopAsync(Process process)
    {
        (
            await Programs.RunAsync(
                "kill", "/", environment: null, "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))).Expect(0);
        await process.WaitForExitAsync();
    }

    // While a file is open for writing, no disk can be made read-only.
    private async Task RemountAsync(string how)
    {
        await StopAsync(_plugin!);
        (await Programs.RunAsync("mount", "/", environment: null, "-o", "remount," + how, StateDisk)).Expect(0);
        await StartPluginAsync();
    }

    private string[] Mounts() =>
        [.. File.ReadAllLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(
            path => path.StartsWith(_folder + "/", StringComparison.Ordinal))];

    private sealed class End(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
