using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>A machine with a cluster host and a plugin host that are services, booted once for all tests of a class.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    /// <summary>Where the machine has the release that it installs from.</summary>
    private const string Release = "/opt/release";

    private SystemdMachine? _machine;

    public string? Missing { get; private set; }

    internal SystemdMachine Machine => _machine!;

    public async Task InitializeAsync()
    {
        Missing = SystemdMachine.WhyNot();
        if (Missing is not null)
        {
            return;
        }

        try
        {
            _machine = await SystemdMachine.LayAsync();
        }
        catch (NotSupportedException exception)
        {
            Missing = exception.Message;
            return;
        }

        await Machine.BootAsync();
        await TestImages.EnsureBusyboxAsync(Machine.DockerHost);
        await StartClusterAsync();
        _ = await Machine.ShellAsync($"cp -r {Programs.Directory} {Release}");
        await WriteReleaseAsync("1");
        (await HvAsync("plugin", "install", "--mode", "service", "--host", "machine")).Expect(0);
    }

    /// <summary>Runs hv of the release in the machine, with its cluster.</summary>
    internal Task<Ended> HvAsync(params string[] arguments) => Machine.RunAsync("env", [
        "HV_CLUSTER=http://127.0.0.1:7080",
        "HV_CREDENTIAL_FILE=/var/lib/hedvigstorage/cluster/credential.json",
        Release + "/hv",
        .. arguments]);

    /// <summary>Tells how a plugin host is.</summary>
    internal async Task<JsonElement> StatusAsync(string name = "hedvig")
    {
        using var document = JsonDocument.Parse((await HvAsync("plugin", "status", "--name", name, "--json")).Output);
        return document.RootElement.Clone();
    }

    /// <summary>Tells the main process of the driver <c>hedvig</c>, in the machine.</summary>
    internal async Task<int> ProcessAsync() =>
        int.Parse(
            await Machine.ShellAsync("systemctl show hedvig-plugin.service --property MainPID --value"), CultureInfo.InvariantCulture);

    /// <summary>Puts another plugin host into the release: one file that needs nothing beside it, as a shipped one.</summary>
    internal Task WriteReleaseAsync(string version) => File.WriteAllTextAsync(
        Machine.PathOf(Release + "/hv-plugin"),
        $"#!/bin/sh\n# Release {version}\nexec {Programs.Path("hv-plugin")} \"$@\"\n");

    /// <summary>Starts a container that writes a growing number to a volume as long as it can.</summary>
    internal async Task<string> RunWriterAsync(string volume, params string[] options)
    {
        const string Writer =
            "trap 'exit 0' TERM; i=$(cat /volume/count 2>/dev/null || echo 0); while :; do i=$((i+1)); "
                + "echo $i > /volume/new && mv /volume/new /volume/count || exit 1; sleep 0.02; done";
        string[] run =
        [
            "run",
            "-d",
            "--name",
            volume,
            "--network",
            "none",
            "--volume-driver",
            "hedvig",
            "-v",
            volume + ":/volume",
            .. options,
            TestImages.Busybox,
            "sh",
            "-c",
            Writer,
        ];
        (await Machine.DockerAsync(run)).Expect(0);
        await WaitForMoreAsync(volume, 0);
        return volume;
    }

    /// <summary>Waits until a writer has written more than this number, and tells the number.</summary>
    internal async Task<int> WaitForMoreAsync(string writer, int than)
    {
        var count = 0;
        await Wait.UntilAsync($"the container has written more than {than}", async () =>
            int.TryParse(
                (await Machine.DockerAsync("exec", writer, "cat", "/volume/count")).Output,
                CultureInfo.InvariantCulture,
                out count) && count > than);
        return count;
    }

    /// <summary>Runs a container with a new volume and removes both.</summary>
    internal async Task UseVolumeAsync(string volume)
    {
        (
            await Machine.DockerAsync(
                "run",
                "--rm",
                "--network",
                "none",
                "--volume-driver",
                "hedvig",
                "-v",
                volume + ":/volume",
                TestImages.Busybox,
                "sh",
                "-c",
                "echo kept > /volume/file && cat /volume/file")).Expect(0);
        (await Machine.DockerAsync("volume", "rm", volume)).Expect(0);
    }

    /// <summary>Removes a container and its volume.</summary>
    internal async Task RemoveAsync(string container)
    {
        (await Machine.DockerAsync("rm", "-f", container)).Expect(0);
        (await Machine.DockerAsync("volume", "rm", container)).Expect(0);
    }

    public async Task DisposeAsync()
    {
        if (_machine is not null)
        {
            await _machine.DisposeAsync();
        }
    }

    private async Task StartClusterAsync()
    {
        _ = Directory.CreateDirectory(Machine.PathOf("/etc/hedvigstorage"));
        await File.WriteAllTextAsync(Machine.PathOf("/etc/hedvigstorage/cluster.env"), "HV_CLUSTER_OPTIONS=--reserve 0 --overcommit 0\n");
        var unit = (await File.ReadAllTextAsync(Programs.Path("hedvig-cluster.service")))
            .Replace("/opt/hedvigstorage/hv-cluster", Programs.Path("hv-cluster"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Machine.PathOf("/etc/systemd/system/hedvig-cluster.service"), unit);
        _ = await Machine.ShellAsync("systemctl daemon-reload && systemctl enable --now hedvig-cluster.service");
    }
}
