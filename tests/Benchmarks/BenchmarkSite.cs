using System.Diagnostics;

namespace HedvigStorage.Benchmarks;

/// <summary>A cluster host, and the two plugin hosts that are compared: ours, and rclone over a plain folder.</summary>
internal sealed class BenchmarkSite : IAsyncDisposable
{
    private readonly List<Process> _processes = [];

    private BenchmarkSite(string work, string programs)
    {
        Work = work;
        Programs = programs;
    }

    public string Work { get; }

    public string Programs { get; }

    public string ClusterAddress { get; private set; } = string.Empty;

    public string CredentialFile => Path.Combine(Work, "cluster", "credential.json");

    public PluginContender Hedvig { get; private set; } = null!;

    public PluginContender Rclone { get; private set; } = null!;

    public static async Task<BenchmarkSite> StartAsync(string work, string programs)
    {
        var site = new BenchmarkSite(work, programs);
        var cluster = Path.Combine(work, "cluster");
        site._processes.Add(
            Processes.Start(
                Path.Combine(programs, "hv-cluster"), work, "--data", cluster, "--listen", "http://127.0.0.1:0", "--overcommit", "0"));
        site.ClusterAddress = await Processes.ClusterAddressAsync(site._processes[0], cluster);
        site.Hedvig = new PluginContender(
            "hv-plugin",
            Path.Combine(work, "h.sock"),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["size"] = "1GB" },
            socket => Processes.Start(
                Path.Combine(programs, "hv-plugin"), work,
                "--cluster",
                site.ClusterAddress,
                "--credential-file",
                site.CredentialFile,
                "--socket",
                socket,
                "--state",
                Path.Combine(work, "state"),
                "--mount-root",
                Path.Combine(work, "mounts"),
                "--host",
                "bench"));
        _ = Directory.CreateDirectory(Path.Combine(work, "remote"));
        site.Rclone = new PluginContender(
            "rclone serve docker",
            Path.Combine(work, "r.sock"),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["remote"] = Path.Combine(work, "remote") },
            socket => Processes.Start(
                "rclone", work,
                "serve",
                "docker",
                "--socket-addr",
                socket,
                "--base-dir",
                Path.Combine(work, "rmounts"),
                "--cache-dir",
                Path.Combine(work, "rcache"),
                "--config",
                Path.Combine(work, "rclone.conf")));
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        await Hedvig.StopAsync();
        await Rclone.StopAsync();
        foreach (var process in _processes)
        {
            await Processes.EndAsync(process);
            process.Dispose();
        }
    }
}
