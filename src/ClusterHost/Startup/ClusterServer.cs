using System.Text.Json;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.ClusterHost.Rest;
using HedvigStorage.ClusterHost.Rest.Handlers;
using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Linux.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>A cluster host from start to stop: puts the parts together.</summary>
internal sealed class ClusterServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    // Undone in the reverse order.
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly InFlight _inFlight = new();
    private readonly HostOptions _options;
    private DataDirectory? _directory;
    private WebApplication? _application;

    private ClusterServer(HostOptions options) => _options = options;

    /// <summary>Gets where processes of this machine reach it.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts a host; it answers when the task ends.</summary>
    /// <exception cref="StartException">It cannot start; nothing has changed.</exception>
    public static async Task<ClusterServer> StartAsync(HostOptions options)
    {
        var server = new ClusterServer(options);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch (Exception error) when (error is ClusterException or SqliteException or JsonException or InvalidCastException
            or FormatException or IOException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            throw new StartException($"The data directory '{options.DataDirectory}' cannot be served: {error.Message}", error);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets what is cancelled when a stop begins.</summary>
    public CancellationToken Stopping => _application!.Lifetime.ApplicationStopping;

    /// <summary>Waits until a stop begins; <see cref="DisposeAsync"/> carries it out.</summary>
    public Task WaitForStopAsync() =>
        Task.Delay(Timeout.Infinite, Stopping)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync(CancellationToken.None);
            await _application.DisposeAsync();
        }

        if (!await _inFlight.DrainAsync(StopLimit, _options.Time))
        {
            await Console.Error.WriteLineAsync(
                $"hv-cluster: operations are still running after {StopLimit.TotalSeconds:0} seconds; the next start ends them.");
        }

        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var lines = new LogLines(_options.Log);
        _parts.Push(lines);
        var given = _options.CredentialFile is { } file ? DataDirectory.ReadCredential(file) : null;
        var certificate = LoadCertificate();
        using var probe = ListenProbe.Check(_options.Listen);
        // It goes last: as long as it is there, the host is taken to run.
        var stopRequests = RunningSystem.Current.OpenStopRequests();
        Own(stopRequests);
        var directory = DataDirectory.Open(_options.DataDirectory);
        Own(directory);
        directory.RefuseImagesWithoutCatalog();
        var catalog = CatalogDatabase.Open(directory.CatalogFile, _options.Engine);
        Own(catalog);
        var sessions = new SessionStore(_options.Time);
        _parts.Push(new SavedSessions(sessions, catalog));
        var users = new UserStore(
            catalog,
            sessions,
            given is null ? directory.WriteCredential : null,
            _options.Time,
            peer => RunningSystem.Current.FindUser(peer.Client, peer.Server));
        var owner = users.SetOwnerAsync(given ?? directory.ReadOrMakeCredential(_options.Admin));
        var limits = new CopyLimits(_options.FreezeLimit, _options.SettleLimit);
        var engine = _options.OpenEngine(new EngineSite(directory.Path, limits, catalog.Cluster));
        _parts.Push(engine);
        var listener = new Listener(_options, certificate);
        var application = BuildApplication(listener, lines);
        var loggers = application.Services.GetRequiredService<ILoggerFactory>();
        var logger = loggers.CreateLogger("hv-cluster");
        if (engine.Capabilities.Limitation is { } limitation)
        {
            HostLog.Problem(logger, limitation);
        }

        foreach (var note in catalog.Notes)
        {
            HostLog.Problem(logger, note);
        }

        var removals = new Removals(catalog, engine, logger) { RetryAfter = _options.RemovalRetry };
        _parts.Push(removals);
        var capacity = new CapacityService(catalog, engine, removals, _options.Overcommit, _options.Reserve, _options.Time);
        var reservedIds = new ReservedIds(catalog, engine);
        _parts.Push(reservedIds);
        var state = new ServiceContext(
            catalog, engine, capacity, new NameLocks(TimeSpan.FromSeconds(60)), RunningSystem.Current.ReadBoot(), _options.Time);
        var recovery = new Recovery(state, removals, logger);
        _parts.Push(recovery);
        await recovery.RunAsync();
        await capacity.MeasureAsync(CancellationToken.None);
        var audit = new AuditLog(catalog, _options.Time);
        var snapshots = new SnapshotService(state, removals);
        var scheduler = new SnapshotScheduler(state, snapshots, audit, logger);
        _parts.Push(scheduler);
        state.Problems.Add(state.Stored.FindProblems);
        state.Problems.Add(scheduler.FindProblems);
        state.Problems.Add(engine.FindProblems);
        var watch = new DamageWatch(state, logger);
        _parts.Push(watch);
        var upkeep = new StorageUpkeep(state, logger);
        _parts.Push(upkeep);
        var backups = new CatalogBackups(catalog, directory.Path, _options.Time);
        Own(backups);
        backups.Begin();
        IReadOnlyList<RequestHandler> handlers =
        [
            .. new SessionHandlers(users, sessions).All(),
            .. new UserHandlers(users, audit).All(),
            .. new ClusterHandlers(state, watch, _options.Name ?? "hedvig", Nodes).All(),
            .. new VolumeHandlers(new VolumeService(state, reservedIds, removals)).All(),
            .. new SnapshotHandlers(snapshots).All(),
            .. new PolicyHandlers(new PolicyService(state)).All(),
            .. new LabelHandlers(new LabelService(state)).All(),
            .. new AttachmentHandlers(new AttachmentService(state)).All(),
            .. new TargetHandlers(new TargetService(state)).All(),
            .. new LunHandlers(new LunService(state)).All(),
            .. new ExportHandlers(new ExportService(state)).All(),
            .. new BackupHandlers(backups).All(),
            .. new AccessHandlers(new AccessRuleService(state), new InitiatorService(state)).All(),
        ];
        var router = new RequestRouter(handlers, sessions, audit, loggers.CreateLogger<RequestRouter>());
        var metrics = new HostMetrics();
        Own(metrics);
        var text = new PrometheusText(metrics.Meter);
        Own(text);
        var gauges = new ClusterGauges(state);
        Own(gauges);
        gauges.Register(metrics);
        metrics.AddGauge("hedvig_sessions", "Sessions that are open.", () => sessions.Count);
        metrics.AddGauge("hedvig_logins_waiting", "Log-ins that wait for their password to be compared.", () => users.WaitingLogIns);
        metrics.AddGauge("hedvig_requests_in_flight", "Requests that are being answered.", () => _inFlight.Count);
        metrics.AddCounter("hedvig_scheduled_snapshots_taken_total", "Snapshots that schedules took.", () => scheduler.Taken);
        metrics.AddCounter(
            "hedvig_scheduled_snapshots_failed_total", "Attempts to take scheduled snapshots that failed.", () => scheduler.Failed);
        metrics.AddCounter(
            "hedvig_scheduled_snapshots_removed_total",
            "Scheduled snapshots that were removed because they were old.",
            () => scheduler.Removed);
        application.Run(new RestEndpoint(
            router,
            new RequestReader(_options.Limits, _options.Time, application.Lifetime.ApplicationStopping),
            new RequestObserver(metrics, logger),
            new HealthEndpoint(state.Problems.Find),
            new MetricsEndpoint(text, gauges, _options.Metrics),
            _inFlight,
            _options.Time).HandleAsync);
        listener.Start(logger, metrics);
        _ = application.Lifetime.ApplicationStopping.Register(() => _ = listener.EndAsync(_inFlight, StopLimit));
        await sessions.LoadAsync(catalog);
        probe.Release();
        await ListenAsync(application);
        await owner;
        stopRequests.Begin(application.Lifetime.StopApplication);
        watch.Start(_options.DamageInterval, application.Lifetime.ApplicationStopping);
        scheduler.Start(_options.ScheduleInterval, application.Lifetime.ApplicationStopping);
        upkeep.Start(_options.UpkeepInterval, application.Lifetime.ApplicationStopping);
        directory.WriteRunFile(
            new RunFile(
                Environment.ProcessId,
                Address.GetLeftPart(UriPartial.Authority),
                HostVersion.Text,
                _options.Time.GetUtcNow(),
                stopRequests.Name));
        _directory = directory;
    }

    private ServerCertificate? LoadCertificate()
    {
        if (_options.TlsCertificate is not { Length: > 0 } file)
        {
            return null;
        }

        var certificate = ServerCertificate.Load(file, _options.TlsKey!);
        Own(certificate);
        return certificate;
    }

    // Clients elsewhere cannot reach 0.0.0.0, nor this machine's loopback address.
    private IReadOnlyList<string> Nodes() => _options.Advertise.Count > 0 ? _options.Advertise
        : ListenProbe.IsAny(_options.Listen) ? [string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Address.Port}")]
        : [Address.Authority];

    private WebApplication BuildApplication(Listener listener, LogLines lines)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _ = builder.Logging
            .ClearProviders()
            .AddProvider(new LogProvider(lines.Write, _options.LogFormat, _options.Time, () => RequestId.Current))
            .SetMinimumLevel(_options.LogLevel)
            .AddFilter("Microsoft", LogLevel.None);
        _ = builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopLimit);
        _ = builder.WebHost.ConfigureKestrel(listener.Configure);
        return builder.Build();
    }

    private async Task ListenAsync(WebApplication application)
    {
        try
        {
            await application.StartAsync();
        }
        catch (IOException error)
        {
            throw ListenProbe.CannotListen(_options.Listen, error);
        }

        _application = application;
        var address = new Uri(application.Urls.First());
        Address = ListenProbe.IsAny(address)
            ? new UriBuilder(address) { Host = address.HostNameType == UriHostNameType.IPv6 ? "[::1]" : "127.0.0.1" }.Uri
            : address;
    }

    private void Own(IDisposable part) => _parts.Push(new Disposal(() =>
    {
        if (ReferenceEquals(part, _directory))
        {
            _directory!.RemoveRunFile();
        }

        part.Dispose();
    }));

    private sealed class SavedSessions(SessionStore sessions, CatalogDatabase catalog) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await sessions.SaveAsync(catalog);
            }
            catch (ClusterException)
            {
                // Who is logged in logs in again.
            }
        }
    }

    private sealed class Disposal(Action dispose) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            dispose();
            return ValueTask.CompletedTask;
        }
    }
}
