using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HedvigStorage.Hosting;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

public sealed class ClusterHostProcessTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly HttpListener _health = new();
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(1));
    private readonly ClusterHostProcess _host;
    private readonly string _data;

    public ClusterHostProcessTests()
    {
        var address = $"http://127.0.0.1:{ScriptedCluster.FreePort().ToString(CultureInfo.InvariantCulture)}";
        _health.Prefixes.Add(address + "/");
        _health.Start();
        _ = Task.Run(AnswerAsync);
        _data = _directory.File("data dir");
        _host = new ClusterHostProcess(_data, _directory.Path);
        HostScript.Write(
            _directory.File("hv-cluster"),
            $$"""echo "$@" > '{{_directory.File("arguments")}}'; echo started; echo "{\"processId\":$$,\"address\":\"{{address}}\",\"version\":\"1.2\"}" > '{{_data}}/run.json'""",
            "rm run.json");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _host.StopAsync(CancellationToken.None);

    public void Dispose()
    {
        _health.Close();
        _limit.Dispose();
        _directory.Dispose();
    }

    [SkippableFact]
    public async Task It_starts_is_found_and_stops()
    {
        SkipWithoutShell();
        Assert.False((await _host.GetStatusAsync(_limit.Token)).Running);

        var started = await _host.StartAsync(
            new ClusterHostOptions { Name = "my cluster", Overcommit = 1.5, Reserve = ByteSize.FromGigabytes(1) }, _limit.Token);
        var found = await _host.StartAsync(new ClusterHostOptions(), _limit.Token);

        Assert.True(started.Answers);
        Assert.Equal("1.2", started.Version);
        Assert.Equal(started.ProcessId, found.ProcessId);
        Assert.Contains(
            "--name my cluster --overcommit 1.5 --reserve 1GB",
            await File.ReadAllTextAsync(_directory.File("arguments"), _limit.Token),
            StringComparison.Ordinal);
        Assert.Contains("started", await File.ReadAllTextAsync(started.LogFile, _limit.Token), StringComparison.Ordinal);
        Assert.True(await _host.StopAsync(_limit.Token));
        Assert.False(await _host.StopAsync(_limit.Token));
        Assert.False((await _host.GetStatusAsync(_limit.Token)).Running);
    }

    [SkippableFact]
    public async Task By_whatever_path_its_folder_is_named_it_is_found_and_stopped()
    {
        SkipWithoutShell();
        _ = await _host.StartAsync(new ClusterHostOptions(), _limit.Token);
        _ = Directory.CreateSymbolicLink(_directory.File("link"), _data);
        foreach (var path in new[] { _directory.File("link"), Path.Combine(
            _directory.File("link"), "..", "link") + "/", Path.Combine(_data, ".", "..", "data dir") })
        {
            var status = await new ClusterHostProcess(path, _directory.Path).GetStatusAsync(_limit.Token);
            Assert.True(status.Running, $"It does not run in {path}.");
        }

        Assert.True(await new ClusterHostProcess(_directory.File("link"), _directory.Path).StopAsync(_limit.Token));
        Assert.False((await _host.GetStatusAsync(_limit.Token)).Running);
    }

    [SkippableFact]
    public async Task What_was_started_through_a_link_is_found_and_stopped_by_the_folder_itself()
    {
        SkipWithoutShell();
        _ = Directory.CreateDirectory(_data);
        _ = Directory.CreateSymbolicLink(_directory.File("link"), _data);
        _ = await new ClusterHostProcess(_directory.File("link"), _directory.Path).StartAsync(new ClusterHostOptions(), _limit.Token);
        Assert.True((await _host.StartAsync(new ClusterHostOptions(), _limit.Token)).Running);
        Assert.True(await _host.StopAsync(_limit.Token));
        Assert.False(await _host.StopAsync(_limit.Token));
    }

    [SkippableFact]
    public async Task Another_folder_with_what_a_running_cluster_wrote_is_not_taken_for_its_own()
    {
        SkipWithoutShell();
        _ = await _host.StartAsync(new ClusterHostOptions(), _limit.Token);
        _ = Directory.CreateDirectory(_directory.File("copy"));
        File.Copy(Path.Combine(_data, "run.json"), Path.Combine(_directory.File("copy"), "run.json"));
        var copy = new ClusterHostProcess(_directory.File("copy"), _directory.Path);
        Assert.False((await copy.GetStatusAsync(_limit.Token)).Running);
        Assert.False(await copy.StopAsync(_limit.Token));
        Assert.True((await _host.GetStatusAsync(_limit.Token)).Running);
    }

    [SkippableFact]
    public async Task It_is_in_a_session_of_its_own_so_that_the_terminals_end_is_not_its_end()
    {
        SkipWithoutShell();

        var started = await _host.StartAsync(new ClusterHostOptions(), _limit.Token);

        // The sixth field of stat is the session; the name before it has no blank here.
        var fields = (await File.ReadAllTextAsync($"/proc/{started.ProcessId}/stat", _limit.Token)).Split(' ');
        Assert.Equal(started.ProcessId!.Value.ToString(CultureInfo.InvariantCulture), fields[5]);
    }

    [SkippableFact]
    public async Task The_default_port_gives_way_when_taken_but_one_that_was_asked_for_does_not()
    {
        SkipWithoutShell();
        using var taken = new TcpListener(IPAddress.Loopback, ClusterHostProcess.DefaultAddress.Port);
        try
        {
            taken.Start();
        }
        catch (SocketException)
        {
            // Taken by another program, which is as good.
        }

        await _host.StartAsync(new ClusterHostOptions(), _limit.Token);
        var first = await File.ReadAllTextAsync(_directory.File("arguments"), _limit.Token);
        await _host.StopAsync(_limit.Token);
        await _host.StartAsync(new ClusterHostOptions { Listen = ClusterHostProcess.DefaultAddress }, _limit.Token);
        var second = await File.ReadAllTextAsync(_directory.File("arguments"), _limit.Token);

        Assert.DoesNotContain(":7080", first, StringComparison.Ordinal);
        Assert.Contains("--listen http://127.0.0.1:7080", second, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_start_that_names_no_address_takes_the_one_of_the_start_before()
    {
        SkipWithoutShell();
        var address = (await _host.StartAsync(new ClusterHostOptions(), _limit.Token)).Address!;
        await _host.StopAsync(_limit.Token);
        var arguments = _directory.File("arguments");
        File.Delete(arguments);
        _health.Stop();

        // Nobody answers there now, so the start does not end by itself: only what it asks for counts.
        using var ended = new CancellationTokenSource();
        var start = _host.StartAsync(new ClusterHostOptions(), ended.Token);
        while (!File.Exists(arguments) || new FileInfo(arguments).Length == 0)
        {
            await Task.Delay(10, _limit.Token);
        }

        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.Contains(
            $"--listen {address.GetLeftPart(UriPartial.Authority)}",
            await File.ReadAllTextAsync(arguments, _limit.Token),
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task One_that_ends_at_once_is_an_error_with_its_last_words()
    {
        SkipWithoutShell();
        HostScript.Write(_directory.File("hv-cluster"), "echo The data folder is of a newer version. >&2; exit 3", ":");

        var error = await Assert.ThrowsAsync<ClusterException>(() => _host.StartAsync(new ClusterHostOptions(), _limit.Token));

        Assert.Equal("hv-cluster ended with status 3 before it answered: The data folder is of a newer version.", error.Message);
    }

    [SkippableFact]
    public async Task A_process_that_has_the_id_by_chance_is_never_ended()
    {
        SkipWithoutShell();
        using var other = Process.Start("sleep", "1000");
        Directory.CreateDirectory(_data);
        await File.WriteAllTextAsync(
            Path.Combine(_data, "run.json"), $$"""{"processId":{{other.Id}},"address":"http://127.0.0.1:1"}""", _limit.Token);

        var stopped = await _host.StopAsync(_limit.Token);

        Assert.False(stopped);
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task An_executable_that_is_missing_is_said_with_where_it_was_looked_for()
    {
        var host = new ClusterHostProcess(_data, _directory.File("elsewhere"));

        var error = await Assert.ThrowsAsync<ClusterException>(() => host.StartAsync(new ClusterHostOptions(), _limit.Token));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains(_directory.File("elsewhere"), error.Message, StringComparison.Ordinal);
    }

    private static void SkipWithoutShell() => Skip.If(!OperatingSystem.IsLinux(), "The scripts that stand in for the hosts need Linux.");

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                (await _health.GetContextAsync()).Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
