using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// What Ceph says of itself, asked for again and again on a thread of its own, so that whoever needs it has it at once: as the cause of
/// what has failed, for the cluster's health, and as the free space.
/// </summary>
internal sealed class CephHealth : IDisposable
{
    // What is worth telling of an outage; the rest is the operator's own business, such as clocks, disks of monitors and modules.
    private static readonly string[] Telling =
    [
        "MON_DOWN", "MGR_DOWN", "OSD_DOWN", "OSD_HOST_DOWN", "OSD_RACK_DOWN", "OSD_DATACENTER_DOWN", "OSD_ROOT_DOWN", "OSD_FULL",
        "OSD_BACKFILLFULL", "OSD_NEARFULL", "OSDMAP_FLAGS", "POOL_FULL", "PG_AVAILABILITY", "PG_DEGRADED", "PG_DAMAGED", "OBJECT_UNFOUND",
        "SLOW_OPS", "MDS_ALL_DOWN", "FS_DEGRADED", "MDS_DAMAGE",
    ];

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    /// <summary>The name of the thread that asks.</summary>
    public const string ThreadName = "ceph health";

    private readonly ICephMonitor _monitor;
    private readonly TimeSpan _interval;
    private readonly string _prefix;
    private readonly string _address;
    private readonly AutoResetEvent _asked = new(initialState: false);
    private readonly Thread _thread;
    private CephState _state;
    private long _askedAt;
    private volatile bool _ended;

    /// <summary>Asks once, and from then on at each interval.</summary>
    /// <param name="monitor">Who is asked.</param>
    /// <param name="prefix">What the names of all pools of this cluster begin with.</param>
    /// <param name="address">The address that Ceph knows this host by.</param>
    /// <param name="interval">How often.</param>
    /// <exception cref="CephException">The monitors do not answer.</exception>
    public CephHealth(ICephMonitor monitor, string prefix, string address, TimeSpan interval)
    {
        _monitor = monitor;
        _interval = interval;
        _prefix = prefix;
        _address = address;
        _state = Ask();
        _thread = new Thread(Run, 1 << 20) { IsBackground = true, Name = ThreadName };
        _thread.Start();
    }

    /// <summary>Gets what is known.</summary>
    public CephState State
    {
        get
        {
            var state = Volatile.Read(ref _state);
            var askedAt = Volatile.Read(ref _askedAt);

            // Whoever fails because of the monitors is told so, though the question for the cause has not failed yet.
            return askedAt != 0 && Stopwatch.GetElapsedTime(askedAt) > Slow
                ? state with { Problems = ["Ceph's monitors do not answer."] }
                : state;
        }
    }

    /// <summary>Has it asked for now.</summary>
    public void AskSoon() => _asked.Set();

    public void Dispose()
    {
        _ended = true;
        _ = _asked.Set();
        if (_thread.Join(TimeSpan.FromSeconds(20)))
        {
            _asked.Dispose();
        }
    }

    private void Run()
    {
        while (!_ended)
        {
            _ = _asked.WaitOne(_interval);
            if (_ended)
            {
                return;
            }

            try
            {
                Volatile.Write(ref _askedAt, Stopwatch.GetTimestamp());
                Volatile.Write(ref _state, Ask());
            }
            catch (Exception error) when (error is CephException or JsonException or InvalidOperationException or KeyNotFoundException)
            {
                Volatile.Write(ref _state, _state with { Problems = [$"Ceph's monitors do not answer: {Reason(error)}."] });
            }

            Volatile.Write(ref _askedAt, 0);
        }
    }

    private static string Reason(Exception error) => error is CephException failed ? failed.Reason : error.Message;

    // An entry with the port and the number 0 is for all clients of a machine.
    private bool IsOwn(string entry) => entry == _address || entry == _address[..(_address.LastIndexOf(':') + 1)] + "0/0";

    private bool IsOurs(string pool) => pool.StartsWith(_prefix, StringComparison.Ordinal);

    private bool IsShutOut()
    {
        // A second list follows, of whole networks.
        var answer = new Utf8JsonReader(_monitor.Command("""{"prefix":"osd blocklist ls","format":"json"}"""));
        using var blocked = JsonDocument.ParseValue(ref answer);
        return blocked.RootElement.EnumerateArray().Any(entry => IsOwn(entry.GetProperty("addr").GetString()!));
    }

    private CephState Ask()
    {
        using var health = JsonDocument.Parse(_monitor.Command("""{"prefix":"health","detail":"detail","format":"json"}"""));
        using var space = JsonDocument.Parse(_monitor.Command("""{"prefix":"df","detail":"detail","format":"json"}"""));
        var problems = new List<string>();
        var full = new List<string>();
        foreach (var check in health.RootElement.GetProperty("checks").EnumerateObject())
        {
            if (check.Name == "POOL_FULL")
            {
                full.AddRange(check.Value.GetProperty("detail").EnumerateArray().Select(
                    line => line.GetProperty("message").GetString()!.Split('\'').ElementAtOrDefault(1)).OfType<string>());
            }

            if (Array.IndexOf(Telling, check.Name) >= 0)
            {
                problems.Add($"Ceph: {check.Value.GetProperty("summary").GetProperty("message").GetString()}.");
            }
        }

        if (IsShutOut())
        {
            problems.Add($"Ceph has shut this cluster host out: its address {_address} is on the blocklist. Restart hv-cluster.");
        }

        var stored = 0L;
        var free = 0L;
        foreach (var pool in space.RootElement.GetProperty("pools").EnumerateArray())
        {
            var name = pool.GetProperty("name").GetString()!;
            if (IsOurs(name))
            {
                var stats = pool.GetProperty("stats");
                stored += stats.GetProperty("stored").GetInt64();
                free = full.Contains(name, StringComparer.Ordinal) ? free : Math.Max(free, stats.GetProperty("max_avail").GetInt64());
            }
        }

        var whole = space.RootElement.GetProperty("stats");
        return new CephState(
            problems,
            whole.GetProperty("total_avail_bytes").GetInt64(),
            free > 0 || full.Exists(IsOurs) ? free : null,
            full,
            stored);
    }
}
