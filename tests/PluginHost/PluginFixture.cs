using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using HedvigStorage.Linux;
using HedvigStorage.Linux.Logging;
using HedvigStorage.PluginHost.Startup;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// A plugin host in this process over a real unix socket, real loop devices and a fake cluster. Its end shows that nothing is left mounted.
/// </summary>
internal sealed class PluginFixture : IAsyncDisposable
{
    private PluginProcess? _process;
    private HttpClient _http;

    private PluginFixture(FakeCluster? cluster = null)
    {
        Root = Directory.CreateTempSubdirectory("hv-plugin-tests-").FullName;
        Cluster = cluster ?? new FakeCluster(Directory.CreateDirectory(Path.Combine(Root, "cluster")).FullName);
        _http = Connect();
    }

    public string Root { get; }

    public FakeCluster Cluster { get; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    public string Socket => Path.Combine(Root, "hv.sock");

    public string State => Path.Combine(Root, "state");

    public string MountRoot { get => field ?? Path.Combine(Root, "mounts"); set; }

    public static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    public Volumes.RemovalPolicy Removals { get; set; }

    public TimeProvider Time { get; private init; } = TimeProvider.System;

    public static async Task<PluginFixture> StartAsync(TimeProvider? time = null)
    {
        Skip.IfNot(IsRoot, "Mounting needs root.");
        var fixture = new PluginFixture { Time = time ?? TimeProvider.System };
        await fixture.StartHostAsync();
        return fixture;
    }

    /// <summary>Starts another plugin host of the same name, with the same cluster.</summary>
    /// <param name="prepare">What is done before it starts.</param>
    public async Task<PluginFixture> StartNamesakeAsync(Action<PluginFixture>? prepare = null)
    {
        var fixture = new PluginFixture(Cluster) { Time = Time };
        prepare?.Invoke(fixture);
        await fixture.StartHostAsync();
        return fixture;
    }

    public async Task StartHostAsync(string host = "tests") => _process = await PluginProcess.StartAsync(
        new PluginSettings
        {
            Nodes = [Cluster.Address],
            CredentialFile = string.Empty,
            Socket = Socket,
            StateDirectory = State,
            MountRoot = MountRoot,
            Host = host,
            Removals = Removals,
        },
        Cluster,
        new LogProvider(Log.Enqueue, LogFormat.Journal, Time).CreateLogger("tests"),
        Time);

    /// <summary>Compares records, mounts and leases once, as the plugin host does from time to time.</summary>
    public Task CompareAsync() => _process!.Reconciler.CompareAsync(withOthers: true);

    public async Task StopHostAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
        Reconnect();
    }

    /// <summary>Forgets the connections to a process that has ended.</summary>
    public void Reconnect()
    {
        _http.Dispose();
        _http = Connect();
    }

    /// <summary>
    /// Calls the plugin with a JSON text and gives the answer's root. An answer is an error for all clients or for none: those that read
    /// <c>Err</c> and those that read the status.
    /// </summary>
    public async Task<JsonElement> CallAsync(string call, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await _http.PostAsync(new Uri("http://plugin.moby.localhost/" + call), content);
        var text = await response.Content.ReadAsStringAsync();
        using var document = JsonDocument.Parse(text);
        var failed = document.RootElement.TryGetProperty("Err", out var error) && error.GetString() is { Length: > 0 };
        Assert.True(
            failed == (response.StatusCode != HttpStatusCode.OK),
            $"{call} was answered with the status {(int)response.StatusCode} and {text}");
        return document.RootElement.Clone();
    }

    public async Task<string> ErrorOfAsync(string call, string body) => (await CallAsync(call, body)).GetProperty("Err").GetString()!;

    public Task<string> CreateAsync(string name, string options = "\"size\":\"64MB\"") =>
        ErrorOfAsync("VolumeDriver.Create", $$"""{"Name":"{{name}}","Opts":{ {{options}} } }""");

    public async Task<string> MountAsync(string name, string id)
    {
        var answer = await CallAsync("VolumeDriver.Mount", $$"""{"Name":"{{name}}","ID":"{{id}}"}""");
        Assert.Equal(string.Empty, answer.GetProperty("Err").GetString());
        return answer.GetProperty("Mountpoint").GetString()!;
    }

    public Task<string> MountErrorAsync(string name, string id) =>
        ErrorOfAsync("VolumeDriver.Mount", $$"""{"Name":"{{name}}","ID":"{{id}}"}""");

    public Task<string> UnmountAsync(string name, string id) =>
        ErrorOfAsync("VolumeDriver.Unmount", $$"""{"Name":"{{name}}","ID":"{{id}}"}""");

    public Task<string> RemoveAsync(string name) => ErrorOfAsync("VolumeDriver.Remove", $$"""{"Name":"{{name}}"}""");

    public bool IsMounted(string name) =>
        MountInfo.Below(MountRoot).Any(mount => string.Equals(Path.GetFileName(mount.Mountpoint), name, StringComparison.Ordinal));

    public IReadOnlyList<string> LoopDevices() =>
        [.. Directory.EnumerateDirectories("/sys/block", "loop*")
            .Select(device => uint.Parse(Path.GetFileName(device).AsSpan("loop".Length), CultureInfo.InvariantCulture))
            .Select(LoopDevice.ImageOf)
            .OfType<string>()
            .Where(image => image.StartsWith(Root, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http.Dispose();
        var left = MountInfo.Below(MountRoot).Select(mount => mount.Mountpoint).ToList();
        foreach (var mountpoint in left)
        {
            _ = LibC.Unmount(mountpoint, 0);
        }

        var loops = LoopDevices();
        Cluster.Dispose();
        Directory.Delete(Root, recursive: true);
        Assert.Empty(left);
        Assert.Empty(loops);
    }

    private HttpClient Connect() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
