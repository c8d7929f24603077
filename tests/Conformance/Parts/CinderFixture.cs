using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// One Python that runs Cinder's own driver against clusters of this product, and one cluster that tests share. Without Cinder there is
/// none, and the tests say so.
/// </summary>
public class CinderFixture : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Process? _python;
    private ClusterProcess? _cluster;
    private int _drivers;

    public string? Missing { get; private set; }

    internal ClusterProcess Cluster => _cluster ?? throw new InvalidOperationException("There is no cluster.");

    /// <summary>Gets the driver that is connected to the shared cluster.</summary>
    internal string Driver { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        const string Module = "cinder.volume.drivers.hedvig.hedvig_cinder";
        if (!File.Exists(Python) || (await Programs.RunAsync(Python, "/", environment: null, "-c", "import " + Module)).Status != 0)
        {
            Missing = $"'{Python} -c \"import {Module}\"' fails; Debian's package is python3-cinder.";
            return;
        }

        Missing = FindMissing();
        if (Missing is not null)
        {
            return;
        }

        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Cinder", "drive.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The driver honours proxies; its nodes here are on this machine.
        start.Environment["no_proxy"] = "*";
        _python = Process.Start(start)!;
        _python.ErrorDataReceived += (_, _) => { };
        _python.BeginErrorReadLine();
        try
        {
            _cluster = await StartClusterAsync();
            Driver = (await OpenAsync(Cluster, Cluster.Node)).Driver;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public virtual async Task DisposeAsync()
    {
        if (_python is not null)
        {
            _python.Kill();
            await _python.WaitForExitAsync();
            _python.Dispose();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _oneAtATime.Dispose();
    }

    /// <summary>Starts a cluster of its own.</summary>
    internal virtual Task<ClusterProcess> StartClusterAsync(int port = 0, params string[] options) =>
        ClusterProcess.StartAsync(port, options);

    /// <summary>Makes a driver, sets it up and connects it, as the volume service does at its start.</summary>
    internal async Task<(string Driver, JsonNode Nodes)> OpenAsync(
        ClusterProcess cluster, string nodes, string? userName = null, string? password = null)
    {
        var driver = $"driver{Interlocked.Increment(ref _drivers)}";
        var opened = (await StepAsync(new JsonObject
        {
            ["step"] = "open",
            ["driver"] = driver,
            ["san_ip"] = nodes,
            ["san_login"] = userName ?? cluster.UserName,
            ["san_password"] = password ?? cluster.Password,
            ["san_clustername"] = "hedvig",
        })).Succeeded();
        return (driver, opened.Result!);
    }

    /// <summary>Carries out one step of <c>drive.py</c>.</summary>
    internal async Task<CinderAnswer> StepAsync(JsonObject step)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            await _python!.StandardInput.WriteLineAsync(step.ToJsonString());
            await _python.StandardInput.FlushAsync();
            var line = await _python.StandardOutput.ReadLineAsync().WaitAsync(Limit);
            return new CinderAnswer(JsonNode.Parse(line ?? throw new InvalidOperationException("drive.py has ended."))!);
        }
        finally
        {
            _ = _oneAtATime.Release();
        }
    }

    /// <summary>Finds what the clusters lack on this machine.</summary>
    private protected virtual string? FindMissing() => null;
}
