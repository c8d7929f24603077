using System.Diagnostics;

namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// A machine of its own that a real systemd runs, over what is installed on this one, with its own Docker Engine, network, processes and
/// boots. What it writes is in scratch folders, and nothing of it outlives the process that has started it.
/// </summary>
internal sealed class SystemdMachine : IAsyncDisposable
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ShutDownLimit = TimeSpan.FromSeconds(90);

    private readonly string _folder;
    private readonly Process _power;
    private string _below = string.Empty;
    private string _first = string.Empty;

    private SystemdMachine(string folder, Process power)
    {
        _folder = folder;
        _power = power;
    }

    /// <summary>Gets the address of the machine's Docker Engine, from outside.</summary>
    public string DockerHost => "unix://" + PathOf("/run/docker.sock");

    /// <summary>Says why there can be no such machine here, or nothing if there can.</summary>
    public static string? WhyNot()
    {
        string[] programs = ["unshare", "nsenter", "systemctl", "dbus-daemon", "dockerd", "docker"];
        return !OperatingSystem.IsLinux() || !Programs.IsRoot ? "A machine that systemd runs needs root on Linux."
            : programs.FirstOrDefault(program => !Programs.Exists(program)) is { } missing
                ? $"{missing} is not installed, which a machine that systemd runs needs."
            : !File.Exists("/lib/systemd/systemd") || !File.Exists("/lib/systemd/system/docker.service")
                ? "systemd or Docker's unit for it is not installed."
            : !File.ReadAllLines("/proc/self/cgroup").Any(line => line.StartsWith("0::", StringComparison.Ordinal))
                ? "This machine's kernel has no cgroup v2 hierarchy, which systemd in namespaces needs."
            : null;
    }

    /// <summary>Lays a machine, without starting it.</summary>
    /// <exception cref="NotSupportedException">Mounts or namespaces are not to be had here.</exception>
    public static async Task<SystemdMachine> LayAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hvm-").FullName;
        string[] arguments =
        [
            "--mount",
            "bash",
            Path.Combine(AppContext.BaseDirectory, "Systemd", "power.sh"),
            folder,
            Programs.RepositoryRoot,
        ];
        var power = Process.Start(
            new ProcessStartInfo("unshare", arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        if (await power.StandardOutput.ReadLineAsync() is "ready")
        {
            return new SystemdMachine(folder, power);
        }

        var reason = await power.StandardError.ReadToEndAsync();
        power.Dispose();
        throw new NotSupportedException($"A machine that systemd runs cannot be had here: {reason.ReplaceLineEndings(" ")}");
    }

    /// <summary>Starts the machine and waits until all its services run.</summary>
    public async Task BootAsync()
    {
        _below = await CommandAsync("on");
        var state = string.Empty;
        try
        {
            await Wait.UntilAsync(
                "the machine has booted",
                async () =>
                    FindFirst() && (state = (await RunAsync("systemctl", "is-system-running")).Output.Trim()) is "running" or "degraded",
                BootLimit);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException(
                $"The machine is '{state}': {await File.ReadAllTextAsync(Path.Combine(_folder, "console.log"))}", exception);
        }

        if (state is "degraded")
        {
            throw new InvalidOperationException(
                $"Services of the machine have failed: {(await RunAsync("systemctl", "--failed", "--plain", "--no-legend")).Output}");
        }
    }

    /// <summary>Shuts the machine down, as its operator does.</summary>
    public async Task ShutDownAsync()
    {
        (await RunAsync("systemctl", "start", "poweroff.target", "--job-mode=replace-irreversibly", "--no-block")).Expect(0);
        await Wait.UntilAsync("the machine is off", () => Task.FromResult(!Directory.Exists($"/proc/{_first}")), ShutDownLimit);
        await CutPowerAsync();
    }

    /// <summary>Ends all that runs in the machine at once.</summary>
    public Task CutPowerAsync() => CommandAsync("off");

    /// <summary>Runs a program in the machine.</summary>
    public Task<Ended> RunAsync(string program, params string[] arguments) =>
        Programs.RunAsync("nsenter", "/", Local("unix:///run/docker.sock"), ["--target", _first, "--all", program, .. arguments]);

    /// <summary>Runs a shell command in the machine, which must succeed.</summary>
    public async Task<string> ShellAsync(string command) => (await RunAsync("sh", "-c", command)).Expect(0).Output.Trim();

    /// <summary>Runs the client of the machine's Docker Engine.</summary>
    public Task<Ended> DockerAsync(params string[] arguments) => Programs.RunAsync("docker", "/", Local(DockerHost), arguments);

    /// <summary>Gets the path, from outside, of a file of the machine.</summary>
    public string PathOf(string path) => $"/proc/{_first}/root{path}";

    public async ValueTask DisposeAsync()
    {
        _power.StandardInput.Close();
        await _power.WaitForExitAsync();
        _power.Dispose();
        Assert.False(Directory.Exists(_folder), $"{_folder} was left.");
    }

    private static Dictionary<string, string> Local(string dockerHost) => new(StringComparer.Ordinal) { ["DOCKER_HOST"] = dockerHost };

    private async Task<string> CommandAsync(string command)
    {
        await _power.StandardInput.WriteLineAsync(command);
        await _power.StandardInput.FlushAsync();
        return await _power.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The machine's power has ended: {await _power.StandardError.ReadToEndAsync()}");
    }

    private bool FindFirst()
    {
        var children = string.Create(CultureInfo.InvariantCulture, $"/proc/{_below}/task/{_below}/children");
        _first = File.Exists(children) ? File.ReadAllText(children).Trim() : string.Empty;
        return _first.Length > 0;
    }
}
