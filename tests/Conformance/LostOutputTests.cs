using System.Diagnostics;
using System.Net.Http;

namespace HedvigStorage.Conformance;

/// <summary>Output that cannot be written, as on a full disk under a log, stops no work; it is one error and status 1.</summary>
public sealed class LostOutputTests : IAsyncLifetime
{
    private const int Volumes = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-output-").FullName;
    private ClusterProcess? _cluster;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterProcess.StartAsync();
        var volumes = string.Join(", ", Enumerable.Range(0, Volumes).Select(number => $$"""{ "name": "v{{number}}", "size": "1GB" }"""));
        await File.WriteAllTextAsync(Path.Combine(_folder, "site.json"), $$"""{ "volumes": [ {{volumes}} ] }""");
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("apply site.json --parallel 1")]
    [InlineData("apply site.json --parallel 1 --json")]
    public async Task An_apply_whose_output_is_lost_carries_out_every_step(string arguments)
    {
        AssertOneError(await RunAsync(arguments, ">/dev/full"));
        (await RunAsync("test site.json", string.Empty)).Expect(0);
    }

    [Theory]
    [InlineData("plan site.json")]
    [InlineData("plan site.json --json")]
    [InlineData("test site.json")]
    [InlineData("export")]
    [InlineData("cluster status --data .")]
    [InlineData("--help")]
    [InlineData("dsc schema --resource Volume")]
    public async Task A_command_whose_output_is_lost_ends_with_one_error(string arguments) =>
        AssertOneError(await RunAsync(arguments, ">/dev/full"));

    [Fact]
    public async Task An_apply_whose_output_and_errors_are_lost_carries_out_every_step()
    {
        (await RunAsync("apply site.json", ">/dev/full 2>/dev/full")).Expect(1);
        (await RunAsync("test site.json", string.Empty)).Expect(0);
    }

    [Fact]
    public async Task An_apply_into_a_pipe_that_nobody_reads_carries_out_every_step()
    {
        _ = await RunAsync("apply site.json --parallel 1", "| true");
        (await RunAsync("test site.json", string.Empty)).Expect(0);
    }

    [Fact]
    public async Task A_cluster_host_whose_log_disk_is_full_serves_on()
    {
        var port = ClusterProcess.FreePort();
        var data = Path.Combine(_folder, "other");
        using var host = Start(
            $"exec {Programs.Path("hv-cluster")} --data {data} --listen http://127.0.0.1:{port} --reserve 0 --log-level debug >/dev/full "
                + "2>/dev/full");
        using var client = new HttpClient();
        await Wait.UntilAsync("the cluster host answers", async () =>
        {
            Assert.False(host.HasExited);
            try
            {
                return (await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        (await Programs.RunAsync(
            Programs.Path("hv"),
            _folder,
            environment: null,
            "apply",
            "site.json",
            "--cluster",
            $"http://127.0.0.1:{port}",
            "--credential-file",
            Path.Combine(data, "credential.json"),
            "--docker",
            "unix:///nonexistent/docker.sock")).Expect(0);
        await EndAsync(host);
    }

    [SkippableFact]
    public async Task A_plugin_host_whose_log_disk_is_full_serves_on()
    {
        Skip.IfNot(Programs.IsRoot, "A plugin host needs root.");
        (await RunAsync("apply site.json", string.Empty)).Expect(0);
        var socket = Path.Combine(_folder, "p.sock");
        using var host = Start(
            $"exec {Programs.Path("hv-plugin")} --cluster http://{_cluster!.Node} --credential-file {_cluster.CredentialFile} --socket "
                + $"{socket} --state {_folder}/state --mount-root {_folder}/mounts --host full >/dev/full 2>/dev/full");
        await Wait.UntilAsync("the plugin host listens", () => Task.FromResult(host.HasExited || File.Exists(socket)));
        using var client = SocketClient.Create(socket);
        using var unknown = new StringContent("""{ "Name": "nowhere", "ID": "1" }""");
        Assert.Contains(
            "nowhere",
            await (await client.PostAsync(new Uri("VolumeDriver.Mount", UriKind.Relative), unknown)).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        using var list = new StringContent("{}");
        Assert.Contains(
            "\"v19\"",
            await (await client.PostAsync(new Uri("VolumeDriver.List", UriKind.Relative), list)).Content.ReadAsStringAsync(),
            StringComparison.Ordinal);
        await EndAsync(host);
    }

    private static Process Start(string command) => Process.Start(new ProcessStartInfo("sh", ["-c", command]) { UseShellExecute = false })!;

    private static async Task EndAsync(Process process)
    {
        (await Programs.RunAsync("kill", "/", environment: null, "-TERM", process.Id.ToString(CultureInfo.InvariantCulture))).Expect(0);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static void AssertOneError(Ended ended)
    {
        _ = ended.Expect(1);
        Assert.Equal("hv: the output could not be written to its end: No space left on device\n", ended.Errors);
    }

    private Task<Ended> RunAsync(string arguments, string redirection) => Programs.RunAsync(
        "sh",
        _folder,
        environment: null,
        "-c",
        $"{Programs.Path("hv")} {arguments}{(arguments.Contains("site", StringComparison.Ordinal) || string.Equals(arguments, "export", StringComparison.Ordinal) ? $" --cluster http://{_cluster!.Node} --credential-file {_cluster.CredentialFile} --docker unix:///nonexistent/docker.sock" : string.Empty)} {redirection}");
}
