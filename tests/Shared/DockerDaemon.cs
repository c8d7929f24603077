using System.Diagnostics;
using System.Formats.Tar;
using System.Net.Http;
using System.Runtime.InteropServices;

namespace HedvigStorage.Tests.Shared;

/// <summary>
/// A Docker Engine of a test's own: its socket, data and processes are apart from any other's, and nothing of it is left behind.
/// </summary>
public sealed class DockerDaemon : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int DetachLazily = 2;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly string _directory;
    private readonly string[] _enter;
    private readonly string[] _options;
    private readonly HttpClient _http;
    private Process? _process;

    private DockerDaemon(string[] enter, string directory, string[] options, Process process)
    {
        _enter = enter;
        _directory = directory;
        _options = options;
        _process = process;
        _http = SocketClient.Create(Socket);
    }

    /// <summary>Gets the path of the engine's socket.</summary>
    public string Socket => SocketIn(_directory);

    /// <summary>Gets the path of the engine's log.</summary>
    public string Log => LogIn(_directory);

    /// <summary>Gets the engine's address, as <c>DOCKER_HOST</c> has it.</summary>
    public string Address => "unix://" + Socket;

    /// <summary>Says why no engine can be started here, or nothing if one can.</summary>
    public static string? WhyNot() =>
        !OperatingSystem.IsLinux() ? "A Docker Engine of the test's own needs Linux."
        : !Environment.IsPrivilegedProcess ? "A Docker Engine of the test's own needs root."
        : FindDaemon() is not { } daemon ? "dockerd is not installed."
        : !File.Exists(daemon) ? $"HV_DOCKERD names '{daemon}', which is not there."
        : null;

    /// <summary>Starts an engine.</summary>
    /// <param name="directory">A folder for all its files; its path is short, because that of a socket must be.</param>
    /// <param name="options">More options of dockerd.</param>
    public static Task<DockerDaemon> StartAsync(string directory, params string[] options) => StartInAsync([], directory, options);

    /// <summary>Starts an engine in other namespaces.</summary>
    /// <param name="enter">The command that enters them and runs the rest of its line there as the same process, such as nsenter(1) with
    /// its options.</param>
    /// <param name="directory">A folder for all its files; its path is short, because that of a socket must be.</param>
    /// <param name="options">More options of dockerd.</param>
    public static async Task<DockerDaemon> StartInAsync(string[] enter, string directory, params string[] options)
    {
        string[] overlay = ["--storage-driver", "overlay2", .. options];
        string[] copies = ["--storage-driver", "vfs", .. options];
        try
        {
            return new DockerDaemon(enter, directory, overlay, await RunFirstAsync(enter, directory, overlay).ConfigureAwait(false));
        }
        catch (InvalidOperationException)
        {
            // overlay2 is refused on some file systems; vfs works on all, slowly.
            return new DockerDaemon(enter, directory, copies, await RunFirstAsync(enter, directory, copies).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Gets or sets whether the next start of the engine is with live restore: its containers and managed plugins then outlive it.
    /// </summary>
    public bool LiveRestore { get; set; }

    /// <summary>Ends the engine as its operator does, and starts it again on what it has left.</summary>
    /// <param name="meanwhile">What is done while there is none.</param>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await StopAsync().ConfigureAwait(false);
        meanwhile?.Invoke();
        await StartAgainAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the engine as the kernel's out-of-memory killer would, and starts it again on what it has left.</summary>
    /// <param name="meanwhile">What is done while there is none.</param>
    public async Task KillAndStartAsync(Action? meanwhile = null)
    {
        await KillAsync().ConfigureAwait(false);
        meanwhile?.Invoke();
        await StartAgainAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the engine as its operator does.</summary>
    public async Task StopAsync()
    {
        await StopAsync(_process!).ConfigureAwait(false);
        _process = null;
    }

    /// <summary>Starts the engine that has ended, on what it has left.</summary>
    public async Task StartAgainAsync() => _process = await RunAsync(_enter, _directory, Options).ConfigureAwait(false);

    /// <summary>Ends the engine as the kernel's out-of-memory killer would, and with it the containers that it is just starting.</summary>
    public async Task KillAsync()
    {
        var containerd = (await File.ReadAllTextAsync(Path.Combine(_directory, "exec/containerd/containerd.pid")).ConfigureAwait(false))
            .Trim();
        _process!.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
        _process = null;

        // containerd dies with dockerd, but a moment later; a dockerd that still finds it waits for its socket in vain.
        var elapsed = Stopwatch.StartNew();
        while (Directory.Exists("/proc/" + containerd) && elapsed.Elapsed < StopLimit)
        {
            await Task.Delay(20).ConfigureAwait(false);
        }

        // A container that was being started waits for ever for a word to run, and neither this engine nor the next one knows of it.
        EndAll(
            Processes().Where(process => IsShim(process.CommandLine)).SelectMany(Children)
                .Where(process => process.CommandLine.StartsWith("runc\0init", StringComparison.Ordinal)));
    }

    /// <summary>Makes an image with a shell and the tools of busybox.</summary>
    /// <param name="name">Its name, such as <c>busybox:test</c>.</param>
    /// <param name="changes">Lines of a Dockerfile that set what the image says of itself, such as <c>ENV A=1</c>.</param>
    public async Task ImportBusyboxAsync(string name, params string[] changes)
    {
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var folder in (string[])["bin/", "tmp/", "data/"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101 });
            }

            tar.WriteEntry(
                FindProgram("busybox") ?? throw new InvalidOperationException("busybox-static is not installed."), "bin/busybox");
            foreach (var tool in (string[])["sh", "echo", "cat", "sleep", "true", "false", "ls", "id", "env", "printf", "dd", "sync", "mkdir", "rm", "cp", "sha256sum", "stat", "df"])
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + tool) { LinkName = "busybox" });
            }
        }

        archive.Position = 0;
        var parts = name.Split(':');
        var query = $"fromSrc=-&repo={parts[0]}&tag={(parts.Length > 1 ? parts[1] : "latest")}"
            + string.Concat(changes.Prepend("ENV PATH=/bin").Select(change => "&changes=" + Uri.EscapeDataString(change)));
        using var content = new StreamContent(archive);
        using var response = await _http.PostAsync(new Uri("images/create?" + query, UriKind.Relative), content).ConfigureAwait(false);
        var answer = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        if (!response.IsSuccessStatusCode || answer.Contains("errorDetail", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The image could not be imported: " + answer);
        }
    }

    /// <summary>Stops the engine with its containers, and takes its mounts and files away.</summary>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await StopAsync(_process).ConfigureAwait(false);
        }

        // An engine that was killed has left those of containers that it no longer knows.
        var shims = Processes().Where(process => IsShim(process.CommandLine)).ToArray();
        EndAll(shims.SelectMany(Children).Concat(shims));
        CleanUp(_directory);
    }

    private string[] Options => LiveRestore ? [.. _options, "--live-restore"] : _options;

    private static async Task<Process> RunFirstAsync(string[] enter, string directory, string[] options)
    {
        _ = Directory.CreateDirectory(directory);
        try
        {
            return await RunAsync(enter, directory, options).ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            CleanUp(directory);
            throw;
        }
    }

    private static async Task<Process> RunAsync(string[] enter, string directory, string[] options)
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        // Without a configuration file, so that none of this machine's settings matter; a namespace keeps other engines' containers apart.
        string[] arguments =
        [
            .. enter, FindDaemon()!, "--config-file", WriteConfiguration(directory), "--host", "unix://" + SocketIn(directory),
            "--data-root", Path.Combine(directory, "data"), "--exec-root", Path.Combine(directory, "exec"), "--pidfile", Path.Combine(
                directory, "dockerd.pid"),
            "--bridge", "none", "--iptables=false", "--ip6tables=false", .. options,
        ];
        foreach (var argument in (
            string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", LogIn(directory), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        using var http = SocketClient.Create(SocketIn(directory));
        var elapsed = Stopwatch.StartNew();
        while (!await AnswersAsync(http).ConfigureAwait(false))
        {
            if (process.HasExited || elapsed.Elapsed > StartLimit)
            {
                var reason = process.HasExited ? "ended" : "did not answer";
                await StopAsync(process).ConfigureAwait(false);
                var log = string.Join('\n', (await File.ReadAllLinesAsync(LogIn(directory)).ConfigureAwait(false)).TakeLast(10));
                throw new InvalidOperationException($"dockerd with {string.Join(' ', options)} {reason}: {log}");
            }

            await Task.Delay(50).ConfigureAwait(false);
        }

        return process;
    }

    private static (int Id, int Parent, string CommandLine)[] Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(
            Path.GetFileName(folder),
            CultureInfo.InvariantCulture,
            out var id) ? id : 0).Where(id => id > 0).Select(Describe).OfType<(int, int, string)>()];

    private static (int Id, int Parent, string CommandLine)? Describe(int id)
    {
        try
        {
            // proc(5): the parent is the second field after the name in parentheses.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return (
                id,
                int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture),
                File.ReadAllText($"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<(int Id, int Parent, string CommandLine)> Children((int Id, int Parent, string CommandLine) parent) =>
        Processes().Where(process => process.Parent == parent.Id);

    private static void EndAll(IEnumerable<(int Id, int Parent, string CommandLine)> processes)
    {
        const int KillSignal = 9;
        foreach (var process in processes.ToArray())
        {
            _ = Kill(process.Id, KillSignal);
        }
    }

    // The process that stands between containerd and a container names the socket of its engine.
    private bool IsShim(string commandLine) =>
        commandLine.Contains("containerd-shim", StringComparison.Ordinal)
            && commandLine.Contains($"\0{_directory}/exec/containerd/containerd.sock\0", StringComparison.Ordinal);

    private static string WriteConfiguration(string directory)
    {
        var file = Path.Combine(directory, "daemon.json");
        File.WriteAllText(file, "{}");
        return file;
    }

    private static async Task StopAsync(Process process)
    {
        if (!process.HasExited)
        {
            _ = Kill(process.Id, Terminate);
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync().ConfigureAwait(false);
            }
        }

        process.Dispose();
    }

    private static void CleanUp(string directory)
    {
        var mounts = File.ReadAllLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4])
            .Where(mount => mount.StartsWith(directory + "/", StringComparison.Ordinal)).OrderByDescending(mount => mount.Length).ToArray();
        foreach (var mount in mounts)
        {
            _ = Unmount(Encoding.UTF8.GetBytes(mount + "\0"), DetachLazily);
        }

        Directory.Delete(directory, recursive: true);
    }

    // An engine takes connections long before it answers.
    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(AnswerLimit);
        try
        {
            using var response = await http.GetAsync(new Uri("_ping", UriKind.Relative), limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static string SocketIn(string directory) => Path.Combine(directory, "docker.sock");

    private static string LogIn(string directory) => Path.Combine(directory, "dockerd.log");

    // An engine of another version than the machine's, when one is named.
    private static string? FindDaemon() =>
        Environment.GetEnvironmentVariable("HV_DOCKERD") is { Length: > 0 } named ? named : FindProgram("dockerd");

    private static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Concat(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "umount2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount(byte[] target, int flags);
}
