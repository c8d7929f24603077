using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Files;

namespace HedvigStorage.Hosting;

/// <summary>Starts, finds and stops the cluster host of one data folder on this machine.</summary>
public sealed class ClusterHostProcess
{
    /// <summary>The address that a cluster host listens on by default.</summary>
    public static readonly Uri DefaultAddress = new("http://127.0.0.1:7080");

    // That of a cluster host that is not told any.
    private const string DefaultName = "hedvig";

    private const string DataOption = "--data";

    private static readonly Uri AnyPort = new("http://127.0.0.1:0");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly string _data;
    private readonly string? _hostsDirectory;

    /// <summary>Names a cluster host; nothing is started yet.</summary>
    /// <param name="dataDirectory">The data folder.</param>
    /// <param name="hostsDirectory">The folder that holds the executable, or <see langword="null"/> to look for it.</param>
    public ClusterHostProcess(string dataDirectory, string? hostsDirectory = null)
    {
        _data = Path.GetFullPath(dataDirectory).TrimEnd(Path.DirectorySeparatorChar);
        _hostsDirectory = hostsDirectory;
    }

    private string RunFile => Path.Combine(_data, "run.json");

    private string LogFile => Path.Combine(_data, "hv-cluster.log");

    private string LastAddressFile => Path.Combine(_data, "last-address");

    private string CredentialFile => Path.Combine(_data, "credential.json");

    private ClusterStartOptions StartOptions => new(Path.Combine(_data, "start.json"));

    /// <summary>Gets the engine of the start before, or <see langword="null"/> if none was named.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: what tells it cannot be read.</exception>
    public string? Engine => StartOptions.Read()?.Engine;

    /// <summary>Starts the cluster host and waits until it answers, or finds that it runs.</summary>
    /// <param name="options">How to start it, where that is not as at the start before; not looked at where it runs already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">It is not there, ended at once, or did not answer within 30 seconds; the message has its last
    /// words.</exception>
    public async Task<ClusterHostStatus> StartAsync(ClusterHostOptions options, CancellationToken cancellationToken)
    {
        if (await WaitForRunningAsync(cancellationToken).ConfigureAwait(false) is { } running)
        {
            return running;
        }

        var merged = ClusterStartOptions.Merge(options, StartOptions.Read());
        return await RunAndRememberAsync(merged, endIfSilent: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts a cluster host in a folder in which there is none; one that somebody else starts at this moment is not taken for it. If it
    /// fails, no process stays.
    /// </summary>
    internal Task<ClusterHostStatus> StartFirstAsync(ClusterHostOptions options, CancellationToken cancellationToken) =>
        RunAndRememberAsync(options, endIfSilent: true, cancellationToken);

    /// <summary>
    /// Starts a cluster host that does not run, where only this machine reaches it and its clients do not look for it; the next start does
    /// not take after this one. If it fails, no process stays.
    /// </summary>
    internal Task<ClusterHostStatus> StartAsideAsync(CancellationToken cancellationToken) =>
        RunAsync(
            ClusterStartOptions.Merge(new ClusterHostOptions { Listen = AnyPort }, StartOptions.Read()),
            AnyPort,
            endIfSilent: true,
            cancellationToken);

    /// <summary>Ends a process that was started here, and no other that serves the folder by now.</summary>
    internal Task<bool> StopAsync(int processId, CancellationToken cancellationToken) =>
        Platform.IsWindows && ReadRun() is { } run && run.ProcessId == processId && IsRunning(run)
        ? EndAsync(run, cancellationToken)
        : StopProcessAsync(processId, cancellationToken);

    /// <summary>Asks the cluster host to end and waits until it has.</summary>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    /// <returns>Whether it ran.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: it has not ended within 30 seconds.</exception>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (ReadRun() is not { } run || !IsRunning(run))
        {
            return false;
        }

        return await EndAsync(run, cancellationToken).ConfigureAwait(false)
            ? true
            : throw new ClusterException(
                ErrorCode.Busy,
                $"hv-cluster (process {run.ProcessId}) was asked to end and has not within {StopLimit.TotalSeconds} seconds. "
                    + $"Its log is {LogFile}.");
    }

    /// <summary>Tells whether the cluster host runs and where.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ClusterHostStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var stopped = new ClusterHostStatus
        {
            Name = FindName(),
            DataDirectory = _data,
            CredentialFile = CredentialFile,
            LogFile = LogFile,
        };
        if (ReadRun() is not { } run || !IsRunning(run) || !Uri.TryCreate(run.Address, UriKind.Absolute, out var address))
        {
            return stopped;
        }

        return stopped with
        {
            Running = true,
            Answers = await AnswersAsync(address, cancellationToken).ConfigureAwait(false),
            ProcessId = run.ProcessId,
            Address = address,
            Version = run.Version,
            StartedAt = run.StartedAt,
        };
    }

    /// <summary>Looks whether the catalog and all images of a cluster that does not run are as they were written.</summary>
    /// <param name="accept">Whether what differs is taken for right from now on, where the catalog is whole and the images are there in
    /// their size.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>What is wrong, a sentence each; empty when nothing is.</returns>
    /// <exception cref="ClusterException">It could not be checked.</exception>
    public Task<IReadOnlyList<string>> CheckStoppedAsync(bool accept, CancellationToken cancellationToken) =>
        Stopped().CheckAsync(accept, cancellationToken);

    /// <summary>Copies the catalog of a cluster that does not run, as of now.</summary>
    /// <param name="file">A new file, which its owner alone may read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ClusterException">It could not be copied; no file is left.</exception>
    public Task BackUpStoppedAsync(string file, CancellationToken cancellationToken) =>
        Stopped().BackUpAsync(file, cancellationToken);

    private StoppedCluster Stopped() => new(
        HostExecutables.Find(HostExecutables.ClusterHost, _hostsDirectory),
        ["--data", _data, .. EngineArguments(StartOptions.Read() ?? new ClusterHostOptions())]);

    /// <summary>Waits for one that runs but does not answer yet, so that a second start does not fight the first over the data.</summary>
    private async Task<ClusterHostStatus?> WaitForRunningAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (true)
            {
                var status = await GetStatusAsync(limit.Token).ConfigureAwait(false);
                if (!status.Running || status.Answers)
                {
                    return status.Running ? status : null;
                }

                await Task.Delay(100, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException(
                ErrorCode.Unreachable,
                $"hv-cluster runs for {_data} but has not answered within {StartLimit.TotalSeconds} seconds. Its log is {LogFile}.");
        }
    }

    private async Task<ClusterHostStatus> RunAndRememberAsync(
        ClusterHostOptions options, bool endIfSilent, CancellationToken cancellationToken)
    {
        var listen = options.Listen ?? ChooseAddress(options.TlsCertificate is null ? "http" : "https");
        var started = await RunAsync(options, listen, endIfSilent, cancellationToken).ConfigureAwait(false);
        DurableFile.Write(LastAddressFile, Encoding.UTF8.GetBytes(started.Address!.GetLeftPart(UriPartial.Authority)));
        StartOptions.Write(options);
        return started with { Name = options.Name ?? DefaultName };
    }

    private async Task<ClusterHostStatus> RunAsync(
        ClusterHostOptions options, Uri listen, bool endIfSilent, CancellationToken cancellationToken)
    {
        var executable = HostExecutables.Find(HostExecutables.ClusterHost, _hostsDirectory);
        CreateDataDirectory();
        using var process = DetachedProcess.Start(executable, Arguments(options, listen), LogFile);
        try
        {
            return await process.WaitUntilAsync<ClusterHostStatus>(
                async token =>
                    await GetStatusAsync(token).ConfigureAwait(false) is { Answers: true } status && status.ProcessId == process.Id
                        ? status
                        : null,
                StartLimit,
                cancellationToken).ConfigureAwait(false);
        }
        catch when (endIfSilent)
        {
            _ = await StopAsync(process.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    // A status is told of a folder whose options cannot be read, too; the start says what is wrong with them.
    private string? FindName()
    {
        try
        {
            return StartOptions.Read() is { } before ? before.Name ?? DefaultName : null;
        }
        catch (ClusterException)
        {
            return null;
        }
    }

    // Plugin hosts and scripts know the cluster by its address, so a start that names none takes the one of the start before if it can.
    private Uri ChooseAddress(string scheme)
    {
        var last = File.Exists(LastAddressFile)
            && Uri.TryCreate(File.ReadAllText(LastAddressFile).Trim(), UriKind.Absolute, out var address)
            ? address
            : DefaultAddress;
        var chosen = new[] { last, DefaultAddress }.FirstOrDefault(candidate => IsFree(candidate.Port))
            ?? new Uri($"http://127.0.0.1:{FreePort()}");

        // A cluster that went from http to https, or back, keeps its port.
        return new UriBuilder(chosen) { Scheme = scheme }.Uri;
    }

    private List<string> Arguments(ClusterHostOptions options, Uri listen)
    {
        var arguments = new List<string> { DataOption, _data, "--listen", listen.GetLeftPart(UriPartial.Authority) };
        Add("--name", options.Name);
        Add("--admin", options.Admin);
        Add("--credential-file", options.CredentialFile is { } file ? Path.GetFullPath(file) : null);
        Add("--overcommit", options.Overcommit?.ToString("R", CultureInfo.InvariantCulture));
        Add("--reserve", options.Reserve?.ToString());
        Add("--tls-cert", options.TlsCertificate is { } certificate ? Path.GetFullPath(certificate) : null);
        Add("--tls-key", options.TlsKey is { } key ? Path.GetFullPath(key) : null);
        Add("--log-format", options.LogFormat);
        Add("--log-level", options.LogLevel);
        Add("--metrics", options.Metrics);
        Add("--advertise", options.Advertise);
        arguments.AddRange(EngineArguments(options));
        if (options.AllowPlainHttp)
        {
            arguments.Add("--allow-plain-http");
        }

        return arguments;

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.Add(option);
                arguments.Add(value);
            }
        }
    }

    private static IEnumerable<string> EngineArguments(ClusterHostOptions options) =>
        new (string Option, string? Value)[]
        {
            ("--engine", options.Engine),
            ("--ceph-conf", options.CephConfiguration is { } file ? Path.GetFullPath(file) : null),
            ("--ceph-user", options.CephUser),
            ("--ceph-pool", options.CephPool),
        }.SelectMany(pair => pair.Value is null ? [] : new[] { pair.Option, pair.Value });

    private void CreateDataDirectory()
    {
        try
        {
            _ = Directory.CreateDirectory(_data);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The data folder '{_data}' cannot be made: {exception.Message}", exception);
        }
    }

    private bool IsRunning(RunMessage run) => Platform.IsWindows
        ? StopEvent.Exists(run.StopEvent)
        : IsRunning(run.ProcessId);

    // The data folder may have been named by another path when it was started.
    private bool IsRunning(int processId) => HostProcess.IsRunningFor(processId, HostExecutables.ClusterHost, DataOption, _data);

    private Task<bool> StopProcessAsync(int processId, CancellationToken cancellationToken) =>
        HostProcess.StopAsync(processId, HostExecutables.ClusterHost, () => IsRunning(processId), StopLimit, cancellationToken);

    private Task<bool> EndAsync(RunMessage run, CancellationToken cancellationToken) => Platform.IsWindows
        ? StopEvent.StopAsync(run, StopLimit, cancellationToken)
        : StopProcessAsync(run.ProcessId, cancellationToken);

    private RunMessage? ReadRun()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(RunFile), HostingJson.Default.RunMessage);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{RunFile}' cannot be read: {exception.Message}", exception);
        }
    }

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        // Nothing is sent that is secret, and which process it is has been found out already: whether it answers does not hang on its
        // certificate.
#pragma warning disable CA5400, CA5359, MA0039
        using var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
        };
#pragma warning restore CA5400, CA5359, MA0039
        using var http = new HttpClient(handler) { Timeout = AnswerLimit };
        try
        {
            // An unhealthy cluster host answers too, with another status.
            using var response = await http.GetAsync(new Uri(address, "healthz"), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            return Probe(port) == port;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort() => Probe(0);

    private static int Probe(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        try
        {
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        finally
        {
            listener.Stop();
        }
    }
}
