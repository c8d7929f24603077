using System.Reflection;
using HedvigStorage.Linux;
using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Cluster;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Mounts;
using HedvigStorage.PluginHost.Protocol;
using HedvigStorage.PluginHost.Reconciliation;
using HedvigStorage.PluginHost.Volumes;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>The parts of a plugin host, put together and running.</summary>
internal sealed class PluginProcess : IAsyncDisposable
{
    // A request under way may wait for the cluster; a stop does not wait as long. Mounts go on from the records after the next start.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly StateLock _stateLock;
    private readonly StateLock _mountLock;
    private readonly MountTable _table;
    private readonly VolumeCache _cache;
    private readonly PluginServer _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _background;

    private PluginProcess(
        StateLock stateLock, StateLock mountLock, MountTable table, VolumeCache cache, PluginServer server, Reconciler reconciler)
    {
        _stateLock = stateLock;
        _mountLock = mountLock;
        _table = table;
        _cache = cache;
        _server = server;
        Reconciler = reconciler;
        _background = Task.Run(() => reconciler.RunAsync(_stopping.Token));
    }

    /// <summary>Gets what compares records, mounts and leases.</summary>
    public Reconciler Reconciler { get; }

    /// <summary>Starts: when it returns, requests are answered.</summary>
    /// <param name="settings">How to run.</param>
    /// <param name="cluster">The cluster; nothing is sent to it before requests are answered.</param>
    /// <param name="log">Where to say what happens.</param>
    /// <param name="time">The clock.</param>
    public static async Task<PluginProcess> StartAsync(PluginSettings settings, ICluster cluster, ILogger log, TimeProvider time)
    {
        var stateLock = StateLock.TakeState(settings.StateDirectory);
        StateLock? mountLock = null;
        MountTable? table = null;
        VolumeCache? cache = null;
        try
        {
            mountLock = StateLock.TakeMountRoot(settings.MountRoot);
            var (id, isCopy) = HostId.Settle(settings.StateDirectory, settings.MountRoot, log);
            if (isCopy)
            {
                MountTable.PutAside(settings.StateDirectory);
            }

            table = MountTable.Load(settings.StateDirectory);
            settings = settings with { Host = LeaseName.Settle(settings.StateDirectory, settings.Host, table, log) };
            var host = HostIdentity.Read(settings.Host, id);
            cache = VolumeCache.Load(settings.StateDirectory, log);
            var attacher = new ImageAttacher(new FileSystemMaker(table.TemporaryDirectory));
            var leases = new LeaseClient(cluster, host, log);
            var turns = new VolumeTurns();
            var threads = new BlockingThreads();
            var releaser = new VolumeReleaser(leases, attacher, table, turns.Progress, threads, settings.MountRoot, log);
            var mounts = new MountService(
                leases, attacher, table, releaser, turns, threads, host, settings.MountRoot, settings.Limits, time, log);
            var driver = new VolumeDriver(cluster, cache, mounts, new ClusterReach(time), settings.Limits, settings.Removals);
            var reconciler = new Reconciler(leases, attacher, table, releaser, turns, threads, host, settings.MountRoot, time, log);
            var records = table;
            var server = await PluginServer.StartAsync(
                settings.Socket, new PluginApplication(driver, () => Describe(settings, records, mounts), log), settings.PassedSocket);
            return new PluginProcess(stateLock, mountLock, table, cache, server, reconciler);
        }
        catch
        {
            cache?.Dispose();
            table?.Dispose();
            mountLock?.Dispose();
            stateLock.Dispose();
            throw;
        }
    }

    /// <summary>Stops: mounts stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(StopLimit);
        await _stopping.CancelAsync();
        try
        {
            await _background.WaitAsync(StopLimit);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // That is how it ends.
        }

        _server.Dispose();
        _cache.Dispose();
        _table.Dispose();
        _mountLock.Dispose();
        _stateLock.Dispose();
        _stopping.Dispose();
    }

    private static PluginStatus Describe(PluginSettings settings, MountTable table, MountService mounts) => new()
    {
        Version = typeof(PluginProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? string.Empty,
        ProcessId = Environment.ProcessId,
        Cluster = string.Join(',', settings.Nodes.Select(node => node.OriginalString)),
        Host = settings.Host,
        StateDirectory = settings.StateDirectory,
        MountRoot = settings.MountRoot,
        Volumes =
        [
            .. table.All
                .Where(record => record.Phase is MountPhase.Mounted or MountPhase.Stale)
                .Select(
                    record =>
                        new MountedVolume(
                            record.Volume, mounts.MountpointOf(record.Volume), record.CountUses(), record.Phase == MountPhase.Stale)),
        ],
    };
}
