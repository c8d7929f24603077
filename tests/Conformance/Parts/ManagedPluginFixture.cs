using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// An engine of its own, also reached over TCP with TLS, with a plugin host installed in it as a managed plugin. Making one takes seconds,
/// so it is made for the first test that asks for it and shared by all; each leaves it enabled, with the settings that it had.
/// </summary>
public sealed class ManagedPluginFixture : IAsyncLifetime
{
    private DockerDaemon? _daemon;
    private Site? _site;
    private EngineCertificates? _certificates;

    internal DockerDaemon Daemon => _daemon!;

    internal Site Site => _site!;

    internal EngineCertificates Certificates => _certificates!;

    /// <summary>Gets the plugin's name, which is the driver's.</summary>
    public string Name => Site.Driver;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Makes it, unless that has been done.</summary>
    public async Task StartAsync()
    {
        Skip.If(DockerDaemon.WhyNot() is not null, DockerDaemon.WhyNot());
        if (_site is not null)
        {
            return;
        }

        _certificates = new EngineCertificates();
        _daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName, _certificates.Options);
        await TestImages.EnsureBusyboxAsync(_daemon.Address);
        _site = await Site.StartClusterAsync(_daemon.Address);
        (await InstallAsync(Name)).Expect(0);
    }

    /// <summary>Runs <c>hv plugin install --mode managed</c>.</summary>
    internal Task<Ended> InstallAsync(string name, params string[] options) => InstallAsync(name, "conformance", options);

    /// <inheritdoc cref="InstallAsync(string, string[])"/>
    internal Task<Ended> InstallAsync(string name, string host, string[] options) =>
        Site.HvAsync(
            ["plugin", "install", "--name", name, "--mode", "managed", "--state", Path.Combine(
                Site.Folder, name), "--host", host, "--json", .. options]);

    /// <summary>Runs a command of <c>hv plugin</c> for the plugin.</summary>
    internal Task<Ended> PluginAsync(string command) => Site.HvAsync("plugin", command, "--name", Name, "--json");

    /// <summary>Reads a member of the plugin's status.</summary>
    internal async Task<string> StatusAsync(string member)
    {
        using var document = JsonDocument.Parse((await PluginAsync("status")).Output);
        return document.RootElement.TryGetProperty(member, out var value) ? value.ToString() : string.Empty;
    }

    /// <summary>Finds the plugin's process.</summary>
    internal async Task<int> ProcessAsync() => int.Parse(await StatusAsync("processId"), CultureInfo.InvariantCulture);

    /// <summary>Tells whether a process is there.</summary>
    internal static bool Runs(int process) => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"));

    /// <summary>Ends the plugin as the kernel's out-of-memory killer would, and waits until the engine has started it again.</summary>
    internal async Task KillAsync()
    {
        var process = await ProcessAsync();
        using (var running = Process.GetProcessById(process))
        {
            running.Kill();
        }

        await Wait.UntilAsync(
            "the engine has started the plugin again",
            async () => await StatusAsync("processId") is { Length: > 0 } next && next != process.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Runs a container that keeps a volume until it is removed.</summary>
    /// <returns>Its name.</returns>
    internal async Task<string> RunAsync(string volume, params string[] options)
    {
        var container = $"{Name}-{volume}";
        (await Site.DockerAsync(
            ["run", "-d", "--name", container, "--network", "none", .. options, "--volume-driver", Name, "-v", $"{volume}:/volume", TestImages.Busybox, "sleep", "1000"])).Expect(0);
        return container;
    }

    /// <summary>Removes a container and its volume.</summary>
    internal async Task RemoveAsync(string container, string volume)
    {
        (await Site.DockerAsync("rm", "-f", container)).Expect(0);

        // A mount namespace that is being made or ended holds a copy of every mount for a moment, and a volume that is held is not removed.
        await Wait.UntilAsync($"the volume {volume} is removed", async () => (await Site.DockerAsync("volume", "rm", volume)).Status == 0);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _certificates?.Dispose();
    }
}
