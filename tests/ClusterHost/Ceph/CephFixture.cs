using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>
/// One Ceph cluster for all tests of the collection, see <see cref="CephDaemons"/>. A test leaves every daemon running.
/// </summary>
public sealed class CephFixture : IDisposable
{
    private readonly CephDaemons _daemons = new();
    private readonly Lock _lock = new();
    private RadosCluster? _client;

    /// <summary>Gets what clients of the cluster are configured with. The first one to ask starts the cluster.</summary>
    public string ConfigFile => _daemons.ConfigFile;

    /// <summary>Gets the Ceph user that may do everything.</summary>
    public string User { get; } = CephDaemons.User;

    /// <summary>Gets the Ceph user that has the rights of a cluster host.</summary>
    public string HostUser { get; } = CephDaemons.HostUser;

    /// <summary>Ends a daemon as a power cut would.</summary>
    /// <param name="daemon">Such as <c>osd.1</c>, <c>mon.a</c>, <c>mgr.a</c> or <c>mds.a</c>.</param>
    public void Kill(string daemon) => _daemons.Control("kill", daemon);

    /// <summary>Starts a daemon that was killed; it may take a while to take part again.</summary>
    public void Start(string daemon) => _daemons.Control("start", daemon);

    /// <summary>Lets a daemon hang.</summary>
    public void Stop(string daemon) => _daemons.Control("stop", daemon);

    /// <summary>Lets a hanging daemon go on.</summary>
    public void Continue(string daemon) => _daemons.Control("continue", daemon);

    /// <summary>Runs Ceph's command line as the user that may do everything, and gets what it writes.</summary>
    public string RunCeph(params string[] arguments) => _daemons.Run("ceph", ["--connect-timeout", "30", .. arguments]);

    /// <summary>Deletes a pool with all that is in it.</summary>
    public void RemovePool(string pool) =>
        Client.Run("osd pool rm", ("pool", pool), ("pool2", pool), ("yes_i_really_really_mean_it", true));

    /// <summary>Runs Ceph's command line and reads its answer.</summary>
    public JsonElement ReadCeph(params string[] arguments) =>
        JsonDocument.Parse(RunCeph([.. arguments, "--format", "json"])).RootElement;

    /// <summary>Gets a client that may do everything. It takes a hundredth of the command line's time, which counts where something is
    /// waited for.</summary>
    internal RadosCluster Client
    {
        get
        {
            var options = new CephOptions { ConfigFile = ConfigFile, User = User, OperationLimit = TimeSpan.FromMinutes(1) };
            lock (_lock)
            {
                return _client ??= RadosCluster.Connect(options, new CephCalls());
            }
        }
    }

    /// <summary>Waits until every OSD is up and every placement group has all its copies.</summary>
    public Task BeCleanAsync() => Eventually.TrueAsync(
        () =>
        {
            using var status = Client.Ask("status");
            var osds = status.RootElement.GetProperty("osdmap");
            var groups = status.RootElement.GetProperty("pgmap");
            return osds.GetProperty("num_up_osds").GetInt32() == osds.GetProperty("num_osds").GetInt32()
                && groups.GetProperty("pgs_by_state").EnumerateArray().All(
                    state => state.GetProperty("state_name").GetString()!.StartsWith("active+clean", StringComparison.Ordinal));
        },
        "all OSDs are up and all placement groups are clean",
        seconds: 120);

    /// <summary>Waits until every OSD goes by the newest map: the monitors tell of a change before the OSDs know it.</summary>
    public async Task KnowNewestMapAsync()
    {
        var newest = ReadCeph("osd", "dump").GetProperty("epoch").GetInt32();
        foreach (var osd in ReadCeph("osd", "ls").EnumerateArray())
        {
            await Eventually.TrueAsync(
                () => ReadCeph("tell", $"osd.{osd.GetInt32()}", "status").GetProperty("newest_map").GetInt32() >= newest,
                $"osd.{osd.GetInt32()} has the newest map");
        }
    }

    /// <summary>Waits until some number of OSDs is up.</summary>
    public Task BeUpAsync(int osds) => Eventually.TrueAsync(
        () =>
        {
            using var stat = Client.Ask("osd stat");
            return stat.RootElement.GetProperty("num_up_osds").GetInt32() == osds;
        },
        $"{osds} OSDs are up",
        seconds: 60);

    public void Dispose()
    {
        _client?.Dispose();
        _daemons.Dispose();
    }
}
