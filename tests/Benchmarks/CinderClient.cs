using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HedvigStorage.Benchmarks;

/// <summary>Cinder's own, unmodified Hedvig driver, which makes one volume after the other over HTTP.</summary>
internal sealed class CinderClient : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private const string Driver = "bench";
    private readonly Process _python;

    private CinderClient(Process python) => _python = python;

    /// <summary>Starts and connects it.</summary>
    public static async Task<CinderClient> StartAsync(string clusterAddress, string credentialFile)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Cinder", "drive.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["no_proxy"] = "*";
        var client = new CinderClient(Process.Start(start)!);
        client._python.ErrorDataReceived += (_, _) => { };
        client._python.BeginErrorReadLine();
        using var credential = JsonDocument.Parse(await File.ReadAllTextAsync(credentialFile));
        await client.StepAsync(new JsonObject
        {
            ["step"] = "open",
            ["driver"] = Driver,
            ["san_ip"] = new Uri(clusterAddress).Authority,
            ["san_login"] = credential.RootElement.GetProperty("userName").GetString(),
            ["san_password"] = credential.RootElement.GetProperty("password").GetString(),
            ["san_clustername"] = "hedvig",
        });
        return client;
    }

    /// <summary>Makes a volume of 1 GB.</summary>
    public Task CreateAsync(int number) => StepAsync(new JsonObject
    {
        ["step"] = "create",
        ["driver"] = Driver,
        ["volume"] = new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:000000000000}"),
            ["size"] = 1,
        },
    });

    public async ValueTask DisposeAsync()
    {
        _python.StandardInput.Close();
        await _python.WaitForExitAsync();
        _python.Dispose();
    }

    private async Task StepAsync(JsonObject step)
    {
        await _python.StandardInput.WriteLineAsync(step.ToJsonString());
        await _python.StandardInput.FlushAsync();
        var answer = JsonNode.Parse(
            await _python.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("Cinder's driver has ended. Is python3-cinder installed?"))!;
        if (answer["error"] is { } error)
        {
            throw new InvalidOperationException($"Cinder's driver: {error.ToJsonString()}");
        }
    }
}
