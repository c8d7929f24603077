using System.Diagnostics;
using System.Net.Http;
using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>A plugin host that no engine knows, which is asked directly and can be killed at a chosen system call.</summary>
internal sealed class KillableHost : IAsyncDisposable
{
    private readonly string[] _arguments;
    private readonly HttpClient _http;
    private Process _process;

    private KillableHost(string folder, string[] arguments)
    {
        Folder = folder;
        _arguments = arguments;
        _http = SocketClient.Create(Path.Combine(folder, "p.sock"), keepsConnections: false);
        _process = Run();
    }

    /// <summary>Gets the folder below which all its files and mounts are.</summary>
    public string Folder { get; }

    public static async Task<KillableHost> StartAsync(ClusterProcess cluster)
    {
        var folder = Directory.CreateTempSubdirectory("hedvigstorage-killable-").FullName;
        var host = new KillableHost(folder, [
            "--cluster", "http://" + cluster.Node, "--credential-file", cluster.CredentialFile, "--socket", Path.Combine(folder, "p.sock"),
            "--state", Path.Combine(folder, "state"), "--mount-root", Path.Combine(folder, "mounts"), "--host", "killable"]);
        await host.WaitForStartAsync();
        return host;
    }

    /// <summary>Gets where a volume is mounted, if it is.</summary>
    public string PathOf(string volume) => Path.Combine(Folder, "mounts", volume);

    /// <summary>Tells whether something is mounted for a volume.</summary>
    public bool IsMounted(string volume) => File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ')[4] == PathOf(volume));

    /// <summary>Makes a call as an engine does.</summary>
    /// <returns>The error; empty if there is none.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<string> CallAsync(string call, string volume)
    {
        using var content = new StringContent($$$"""{"Name":"{{{volume}}}","ID":"one","Opts":{"size":"32MB"}}""");
        using var response = await _http.PostAsync(new Uri("VolumeDriver." + call, UriKind.Relative), content);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("Err").GetString()!;
    }

    /// <summary>
    /// Makes a call, during which a process of the host is killed as it enters a system call. If that is the host itself, the next one is
    /// started.
    /// </summary>
    /// <param name="systemCall">The system call.</param>
    /// <param name="number">Which one of a thread, from 1.</param>
    /// <param name="call">The call.</param>
    /// <param name="volume">The volume.</param>
    /// <returns>Whether the call was not done for that.</returns>
    public async Task<bool> CutOffAsync(string systemCall, int number, string call, string volume)
    {
        var acknowledged = false;
        await using (await InjectAsync(systemCall, "signal=SIGKILL", number))
        {
            try
            {
                acknowledged = (await CallAsync(call, volume)).Length == 0;
            }
            catch (HttpRequestException)
            {
                // It was killed before it has answered.
            }
        }

        await StartAgainIfKilledAsync();
        return !acknowledged;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        foreach (var mountpoint in Directory.GetDirectories(Path.Combine(Folder, "mounts")))
        {
            // Only a test that has failed leaves one.
            _ = await Programs.RunAsync("umount", "/", environment: null, "-l", mountpoint);
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Has a system call of the host, or of a tool that it runs, fail.</summary>
    public Task<Strace> InjectAsync(string systemCalls, string? fault, int number) =>
        Strace.InjectAsync(_process.Id, systemCalls, fault, number, Path.Combine(Folder, "trace"));

    /// <summary>Starts the next host where this one was killed.</summary>
    public async Task StartAgainIfKilledAsync()
    {
        try
        {
            _ = await CallAsync("List", string.Empty);
        }
        catch (HttpRequestException)
        {
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = Run();
            await WaitForStartAsync();
        }
    }

    private Process Run() =>
        Process.Start(
            new ProcessStartInfo(Programs.Path("hv-plugin"), _arguments) { RedirectStandardError = true, UseShellExecute = false })!;

    private async Task WaitForStartAsync() =>
        Assert.Contains("serves", await _process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
}
