using System.Diagnostics;
using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>The real program as a child process.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // A host that hangs is a failure with a name, not a run that never ends.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private HostProcess(Process process, RestClient client)
    {
        _process = process;
        Client = client;
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "hv-cluster");

    public RestClient Client { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<HostProcess> StartAsync(
        string directory, IEnumerable<string>? prefix = null, string? program = null, IEnumerable<string>? arguments = null)
    {
        List<string> command =
        [
            .. prefix ?? [],
            program ?? Program,
            "--data",
            directory,
            "--listen",
            "http://127.0.0.1:0",
            "--reserve",
            "0",
            "--overcommit",
            "0",
            .. arguments ?? [],
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        Assert.True(line?.StartsWith("Listening on http://", StringComparison.Ordinal), $"hv-cluster did not start: {line}");
        var run = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(directory, "run.json")))!;
        var client = new RestClient(new Uri(run["address"]!.GetValue<string>()));
        var credential = DataDirectory.ReadCredential(Path.Combine(directory, "credential.json"));
        await client.LoginAsync(credential.UserName, credential.Password);
        return new HostProcess(process, client);
    }

    /// <summary>Kills it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    /// <summary>Ends it with SIGTERM.</summary>
    /// <returns>The exit status.</returns>
    public async Task<int> StopAsync()
    {
        Shell.Run("kill", "-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
