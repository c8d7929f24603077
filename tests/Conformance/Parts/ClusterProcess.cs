using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Parts;

/// <summary>The cluster host's own program on a folder of its own, and what it holds, seen through the protocol.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private readonly string[] _options;
    private readonly HttpClient _http = new();
    private Process? _process;
    private string? _sessionId;

    private ClusterProcess(int port, string[] options)
    {
        Port = port;
        _options = options;
    }

    public int Port { get; private set; }

    /// <summary>Gets the folder that holds all its files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hedvigstorage-cluster-").FullName;

    public string CredentialFile => Path.Combine(Folder, "data", "credential.json");

    /// <summary>Gets the node as a client of plain Hedvig is given it: host and port.</summary>
    public string Node => $"127.0.0.1:{Port}";

    public string UserName { get; private set; } = string.Empty;

    public string Password { get; private set; } = string.Empty;

    public static async Task<ClusterProcess> StartAsync(int port = 0, params string[] options)
    {
        var cluster = new ClusterProcess(port, options);
        await cluster.RunAsync();
        return cluster;
    }

    /// <summary>Finds a port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the program at once, as a crash would, and with it every session.</summary>
    public Task KillAsync()
    {
        _process!.Kill();
        return EndAsync();
    }

    /// <summary>Has a system call of the program fail.</summary>
    public Task<Strace> InjectAsync(string systemCalls, string? fault, int number) =>
        Strace.InjectAsync(_process!.Id, systemCalls, fault, number, Path.Combine(Folder, "trace"));

    /// <summary>Starts the program again where it has been killed; a moment may pass until the kernel is done with it.</summary>
    public async Task StartAgainIfKilledAsync(TimeSpan patience)
    {
        if (_process!.WaitForExit(patience))
        {
            await EndAsync();
            await RunAsync();
        }
    }

    /// <summary>Ends the program as an operator does.</summary>
    public async Task StopAsync()
    {
        (await Programs.RunAsync("kill", "/", environment: null, "-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture))).Expect(0);
        await EndAsync();
    }

    /// <summary>Starts the program, at the port that it had before.</summary>
    public async Task RunAsync()
    {
        string[] arguments =
        [
            "--data",
            Path.Combine(Folder, "data"),
            "--listen",
            $"http://127.0.0.1:{Port}",
            "--reserve",
            "0",
            "--overcommit",
            "0",
            .. _options,
        ];
        var start = new ProcessStartInfo(Programs.Path("hv-cluster"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        var line = await _process.StandardOutput.ReadLineAsync();
        Assert.True(line?.StartsWith("Listening on http://", StringComparison.Ordinal), $"hv-cluster did not start: {line}");
        Port = new Uri(Read("run.json")["address"]!.GetValue<string>()).Port;
        UserName = Read("credential.json")["userName"]!.GetValue<string>();
        Password = Read("credential.json")["password"]!.GetValue<string>();
        _sessionId = null;
    }

    /// <summary>Calls, and expects success.</summary>
    public async Task<JsonNode> AskAsync(string type, JsonObject? parameters = null)
    {
        if (_sessionId is null)
        {
            var login = await SendAsync(
                "Login", new JsonObject { ["userName"] = UserName, ["password"] = Password, ["cluster"] = string.Empty });
            _sessionId = login["sessionId"]!.GetValue<string>();
        }

        return await SendAsync(type, parameters);
    }

    /// <summary>Finds a volume in the listing.</summary>
    public async Task<JsonNode?> FindVolumeAsync(string name) =>
        (await AskAsync("ListVolumes", new JsonObject { ["names"] = new JsonArray(name) }))["volumes"]!.AsArray().SingleOrDefault();

    /// <summary>Lists the snapshots of a volume.</summary>
    public async Task<JsonArray> SnapshotsAsync(string volume) =>
        (await AskAsync("ListSnapshots", new JsonObject { ["virtualDisk"] = volume }))["snapshots"]!.AsArray();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task EndAsync()
    {
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "data", file)))!;

    private async Task<JsonNode> SendAsync(string type, JsonObject? parameters)
    {
        var request = new JsonObject
        {
            ["type"] = type,
            ["category"] = "HedvigStorage",
            ["sessionId"] = _sessionId,
            ["params"] = parameters,
        };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["request"] = request.ToJsonString() });
        using var response = await _http.PostAsync($"http://{Node}/rest/", form);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(answer["status"]!.GetValue<string>() == "ok", answer.ToJsonString());
        return answer["result"] ?? new JsonObject();
    }
}
