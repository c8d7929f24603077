using System.Text.Json;

namespace HedvigStorage.Conformance;

/// <summary>A managed plugin of an engine that is reached over TCP, where both sides show a certificate.</summary>
[Collection(EngineCollection.Name)]
public sealed class ManagedPluginRemoteTests(ManagedPluginFixture plugin) : IAsyncLifetime
{
    private string Name => plugin.Name + "-remote";

    public Task InitializeAsync() => plugin.StartAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task It_is_installed_seen_tested_and_removed_over_TLS()
    {
        var state = Path.Combine(plugin.Site.Folder, "remote-state");
        Assert.Contains("must be on the engine's machine", (await InstallAsync(state)).Expect(1).Output, StringComparison.Ordinal);
        _ = Directory.CreateDirectory(state);
        (await InstallAsync(state)).Expect(0);

        using (var status = JsonDocument.Parse((await HvAsync("status")).Expect(0).Output))
        {
            Assert.Equal("Managed", status.RootElement.GetProperty("mode").GetString());
            Assert.Equal(state, status.RootElement.GetProperty("stateDirectory").GetString());
            Assert.False(status.RootElement.TryGetProperty("socket", out _));
        }

        Assert.Contains(
            $"The Docker Engine reaches the driver '{Name}'", (await HvAsync("test")).Expect(0).Output, StringComparison.Ordinal);
        (
            await plugin.Site.DockerAsync(
                "run", "--rm", "--network", "none", "--volume-driver", Name, "-v", "far:/volume", TestImages.Busybox, "true")).Expect(0);
        (await plugin.Site.DockerAsync("volume", "rm", "far")).Expect(0);
        (await HvAsync("uninstall")).Expect(0);
        (await HvAsync("status")).Expect(1);
    }

    [SkippableFact]
    public async Task A_process_is_not_put_beside_an_engine_that_is_reached_over_the_network()
    {
        Assert.Contains(
            "Install it as a managed plugin", (await HvAsync("install", "--mode", "process")).Expect(1).Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_engine_does_not_answer_a_client_without_a_certificate()
    {
        var refused = await Programs.RunAsync(
            Programs.Path("hv"),
            plugin.Site.Folder,
            environment: null,
            "plugin",
            "status",
            "--name",
            Name,
            "--docker",
            plugin.Certificates.Address);
        Assert.Contains("HTTP request to an HTTPS server", refused.Expect(1).Errors, StringComparison.Ordinal);
    }

    private Task<Ended> InstallAsync(string state) => HvAsync("install", "--mode", "managed", "--state", state);

    private Task<Ended> HvAsync(string command, params string[] options) => Programs.RunAsync(
        Programs.Path("hv"),
        plugin.Site.Folder,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOCKER_TLS_VERIFY"] = "1",
            ["DOCKER_CERT_PATH"] = plugin.Certificates.Folder,
        },
        ["plugin", command, "--name", Name, "--docker", plugin.Certificates.Address, "--json", .. options]);
}
