using System.Diagnostics;
using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>
/// One Ceph cluster for all tests of the collection: six OSDs on hosts of their own, in four racks and two data centers. It starts with the
/// first test that asks for it. A test leaves every daemon running.
/// </summary>
/// <remarks>
/// dc1: r1 (h1 with the SSD osd.0, h2 with the HDD osd.1), r4 (h5 with the SSD osd.4). dc2: r2 (h3 with the SSD osd.2), r3 (h4 and h6 with
/// the HDDs osd.3 and osd.5).
/// </remarks>
public sealed class CephFixture : IDisposable
{
    private const string Prefix = "hv-ceph-";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Ceph", "ceph.sh");

    private readonly Lock _lock = new();
    private string? _directory;
    private RadosCluster? _client;

    /// <summary>
    /// Gets what clients of the cluster are configured with. The first one to ask starts the cluster; where Ceph is missing, that test is
    /// skipped.
    /// </summary>
    public string ConfigFile => Path.Combine(Start(), "ceph.conf");

    /// <summary>Gets the Ceph user that may do everything.</summary>
    public string User { get; } = "admin";

    /// <summary>Gets the Ceph user that has the rights of a cluster host.</summary>
    public string HostUser { get; } = "hedvig";

    /// <summary>Ends a daemon as a power cut would.</summary>
    /// <param name="daemon">Such as <c>osd.1</c>, <c>mon.a</c>, <c>mgr.a</c> or <c>mds.a</c>.</param>
    public void Kill(string daemon) => Control("kill", daemon);

    /// <summary>Starts a daemon that was killed; it may take a while to take part again.</summary>
    public void Start(string daemon) => Control("start", daemon);

    /// <summary>Lets a daemon hang.</summary>
    public void Stop(string daemon) => Control("stop", daemon);

    /// <summary>Lets a hanging daemon go on.</summary>
    public void Continue(string daemon) => Control("continue", daemon);

    /// <summary>Runs Ceph's command line as the user that may do everything, and gets what it writes.</summary>
    public string RunCeph(params string[] arguments) => Shell.Run("ceph", ["--conf", ConfigFile, "--connect-timeout", "30", .. arguments]);

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
        if (_directory is not null)
        {
            _ = Shell.Run("bash", Script, "down", _directory);
        }
    }

    private string Start()
    {
        lock (_lock)
        {
            if (_directory is null)
            {
                Skip.IfNot(
                    File.Exists("/usr/bin/ceph-osd") && File.Exists("/usr/bin/ceph-mds") && File.Exists("/usr/bin/ceph"),
                    "Ceph is missing: install ceph-mon, ceph-mgr, ceph-osd, ceph-mds and ceph-common.");
                EndOrphans();
                var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}");
                var directory = Path.Combine(Path.GetTempPath(), name);
                _ = Shell.Run("bash", Script, "up", directory);
                _directory = directory;
            }

            return _directory;
        }
    }

    // A run that was ended from outside has left its cluster.
    private static void EndOrphans()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var process) && !IsRunning(process))
            {
                _ = Shell.Try("bash", Script, "down", directory);
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private void Control(string action, string daemon) => _ = Shell.Run("bash", Script, action, Start(), daemon);
}
