using System.Net.Sockets;
using HedvigStorage.Hosting;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

public sealed class DockerPluginInstallerTests : IAsyncLifetime, IDisposable
{
    private const string Name = "hedvig-test";
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    private readonly DockerPluginInstaller _installer;
    private volatile string _volumes = string.Empty;

    public DockerPluginInstallerTests()
    {
        _installer = new DockerPluginInstaller(_directory.Path, _directory.File("registry"));
        HostScript.Write(
            _directory.File("hv-plugin"),
            $"echo \"$@\" >> '{_directory.File("arguments")}'; echo $$ > '{_directory.File("pid.new")}'; "
                + $"mv '{_directory.File("pid.new")}' '{_directory.File("pid")}'",
            $"rm {_directory.File("pid")}");
        File.WriteAllText(_directory.File("credential.json"), """{"userName":"a","password":"b"}""");
        _listener.Bind(new UnixDomainSocketEndPoint(_directory.File("p.sock")));
        _listener.Listen();
        _ = Task.Run(AnswerAsync);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _volumes = string.Empty;
        await _installer.UninstallAsync(Name, CancellationToken.None);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _limit.Dispose();
        _directory.Dispose();
    }

    [SkippableFact]
    public async Task Installing_again_with_the_same_settings_changes_nothing_and_with_others_restarts_it()
    {
        SkipWithoutRoot();

        var first = await _installer.InstallAsync(Settings(), _limit.Token);
        var second = await _installer.InstallAsync(Settings(), _limit.Token);
        var third = await _installer.InstallAsync(Settings() with { Cluster = "http://127.0.0.1:2" }, _limit.Token);

        Assert.True(first.Running);
        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.NotEqual(first.ProcessId, third.ProcessId);
        var starts = await File.ReadAllLinesAsync(_directory.File("arguments"), _limit.Token);
        Assert.Equal(2, starts.Length);
        Assert.StartsWith(
            $"--cluster http://127.0.0.1:1 --credential-file {_directory.File("credential.json")} --socket {_directory.File("p.sock")} "
                + $"--state {_directory.File("state")}",
            starts[0],
            StringComparison.Ordinal);
        Assert.StartsWith("--cluster http://127.0.0.1:2", starts[1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task It_is_not_removed_while_volumes_are_mounted_and_the_refusal_names_them()
    {
        SkipWithoutRoot();
        var installed = await _installer.InstallAsync(Settings(), _limit.Token);
        _volumes = """{"name":"pgdata","mountpoint":"/m/pgdata","mounts":1},{"name":"idle","mountpoint":"","mounts":0}""";

        var error = await Assert.ThrowsAsync<ClusterException>(() => _installer.UninstallAsync(Name, _limit.Token));
        var status = await _installer.GetStatusAsync(Name, _limit.Token);

        Assert.Equal(ErrorCode.Busy, error.Code);
        Assert.Contains("pgdata", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("idle", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, status.MountedVolumes);
        Assert.Equal(installed.ProcessId, status.ProcessId);
    }

    [SkippableFact]
    public async Task Removing_stops_it_and_takes_socket_and_record_away_and_may_be_asked_twice()
    {
        SkipWithoutRoot();
        var installed = await _installer.InstallAsync(Settings(), _limit.Token);

        await _installer.UninstallAsync(Name, _limit.Token);
        await _installer.UninstallAsync(Name, _limit.Token);

        Assert.False(HostProcess.IsRunning(installed.ProcessId!.Value, "hv-plugin", _directory.File("p.sock")));
        Assert.False(File.Exists(_directory.File("p.sock")));
        Assert.False(File.Exists(Path.Combine(_directory.File("registry"), Name + ".json")));
        Assert.False((await _installer.GetStatusAsync(Name, _limit.Token)).Running);
    }

    [SkippableFact]
    public async Task A_credential_file_that_is_missing_is_refused_before_anything_starts()
    {
        SkipWithoutRoot();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => _installer.InstallAsync(Settings() with { CredentialFile = _directory.File("none.json") }, _limit.Token));

        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.False(File.Exists(_directory.File("arguments")));
    }

    [SkippableFact]
    public void Without_the_executable_it_says_why_not()
    {
        SkipWithoutRoot();

        Assert.Contains(
            "hv-plugin",
            new DockerPluginInstaller(_directory.File("none"), _directory.File("registry")).WhyNot(),
            StringComparison.Ordinal);
        Assert.Null(_installer.WhyNot());
    }

    private static void SkipWithoutRoot() =>
        Skip.If(!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess, "Installing a plugin host needs root on Linux.");

    private DockerPluginSettings Settings() => new()
    {
        Name = Name,
        Cluster = "http://127.0.0.1:1",
        CredentialFile = _directory.File("credential.json"),
        Socket = _directory.File("p.sock"),
        StateDirectory = _directory.File("state"),
        MountRoot = _directory.File("mounts"),
        Host = "web1",
    };

    // Answers in the place of the script, and only while it runs.
    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync();
                if (!File.Exists(_directory.File("pid")))
                {
                    continue;
                }

                var process = int.Parse(await File.ReadAllTextAsync(_directory.File("pid")), CultureInfo.InvariantCulture);
                _ = await connection.ReceiveAsync(new byte[4096]);
                var body =
                    $$"""{"version":"1.2","processId":{{process}},"cluster":"http://127.0.0.1:1","host":"web1","volumes":[{{_volumes}}]}""";
                var answer =
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                        + $"{Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
                _ = await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
