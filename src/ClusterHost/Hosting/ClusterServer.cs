using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines.Embedded;
using HedvigStorage.ClusterHost.Rest;
using HedvigStorage.ClusterHost.Rest.Handlers;
using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.ClusterHost.Volumes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Hosting;

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

    /// <summary>Gets where it listens.</summary>
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
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _application!.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.StopAsync(CancellationToken.None);
            await _application.DisposeAsync();
        }

        if (!await _inFlight.DrainAsync(StopLimit, _options.Time))
        {
            await Console.Error.WriteLineAsync($"hv-cluster: operations are still running after {StopLimit.TotalSeconds:0} seconds; the next start ends them.");
        }

        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        var given = _options.CredentialFile is { } file ? DataDirectory.ReadCredential(file) : null;
        using var probe = ListenProbe.Check(_options.Listen);
        var directory = DataDirectory.Open(_options.DataDirectory);
        Own(directory);
        var catalog = CatalogDatabase.Open(directory.Catalog);
        Own(catalog);
        var sessions = new SessionStore(_options.Time);
        _parts.Push(new SavedSessions(sessions, catalog));
        var users = new UserStore(catalog, sessions, given is null ? directory.WriteCredential : null, _options.Time);
        Own(users);
        var owner = users.SetOwnerAsync(given ?? directory.ReadOrMakeCredential(_options.Admin));
        var engine = new EmbeddedEngine(directory.Path, _options.FreezeLimit);
        _parts.Push(engine);
        var application = BuildApplication();
        var loggers = application.Services.GetRequiredService<ILoggerFactory>();
        var logger = loggers.CreateLogger("hv-cluster");
        await new Recovery(catalog, engine, logger).RunAsync();
        var capacity = new CapacityService(catalog, engine, _options.Overcommit, _options.Reserve, _options.Time);
        await capacity.MeasureAsync(CancellationToken.None);
        var removals = new Removals(catalog, engine, logger);
        _parts.Push(removals);
        var reservedIds = new ReservedIds(catalog, engine);
        _parts.Push(reservedIds);
        var state = new ClusterState(catalog, engine, capacity, new NameLocks(TimeSpan.FromSeconds(60)), MachineBoot.Read(), _options.Time);
        var audit = new AuditLog(catalog, _options.Time);
        var router = new RequestRouter(
            [
                .. new SessionHandlers(users, sessions).All(),
                .. new UserHandlers(users, audit).All(),
                .. new ClusterHandlers(state, _options.Name ?? "hedvig", Nodes).All(),
                .. new VolumeHandlers(new VolumeService(state, reservedIds, removals)).All(),
                .. new SnapshotHandlers(new SnapshotService(state, removals)).All(),
                .. new PolicyHandlers(new PolicyService(state)).All(),
                .. new AttachmentHandlers(new AttachmentService(state)).All(),
                .. new TargetHandlers(new TargetService(state)).All(),
                .. new LunHandlers(new LunService(state)).All(),
                .. new ExportHandlers(new ExportService(state)).All(),
                .. new AccessHandlers(new AccessRuleService(state), new InitiatorService(state)).All(),
            ],
            sessions,
            audit,
            loggers.CreateLogger<RequestRouter>());
        application.Run(new RestEndpoint(router, capacity.FindProblems, _inFlight).HandleAsync);
        await sessions.LoadAsync(catalog);
        probe.Release();
        await ListenAsync(application);
        await owner;
        directory.WriteRunFile(new RunFile(Environment.ProcessId, Address.GetLeftPart(UriPartial.Authority), HostVersion.Text, _options.Time.GetUtcNow()));
        _directory = directory;
    }

    private IReadOnlyList<string> Nodes() => _options.Advertise.Count > 0 ? _options.Advertise : [Address.Authority];

    private WebApplication BuildApplication()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _ = builder.Logging
            .ClearProviders()
            .AddSimpleConsole(console => console.SingleLine = true)
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.None);
        _ = builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        _ = builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = StopLimit);
        _ = builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestParser.MaximumLength;
            kestrel.Limits.MaxRequestLineSize = 32 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = 2000;
            kestrel.Listen(ListenProbe.ToAddress(_options.Listen), _options.Listen.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
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
        Address = new Uri(application.Urls.First());
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
