using System.Net;
using System.Net.Sockets;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>
/// Slows guessing of passwords down: after some wrong ones for a user, or from an address, more are refused for a time that doubles each
/// time. A user who has logged in from an address before is not held up there by what others do. Loopback is never refused, or anybody
/// could lock the admin out of the own machine; there a wrong password only takes its time.
/// </summary>
internal sealed class LoginBrake(TimeProvider time)
{
    private const int FreeForUser = 10;
    private const int FreeForAddress = 50;
    private const int MostEntries = 10_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MemoryOfSuccess = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Gets how many users and addresses are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>How long a wrong password from loopback is kept waiting for its answer.</summary>
    public static TimeSpan LoopbackDelay { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Refuses an attempt that comes too early.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>; the message says when to try again.</exception>
    public void Check(string userName, IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return;
        }

        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            wait = Keys(userName, address)
                .Max(key => _entries.TryGetValue(key.Name, out var entry) ? entry.Wait(time, now) : TimeSpan.Zero);
        }

        if (wait > TimeSpan.Zero)
        {
            throw new ClusterException(
                ErrorCode.Unauthorized,
                $"There were too many wrong passwords for this user or from this address. Try again in {Math.Ceiling(wait.TotalSeconds):0} "
                    + "seconds.");
        }
    }

    public void Failed(string userName, IPAddress address)
    {
        if (IPAddress.IsLoopback(address))
        {
            return;
        }

        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var (name, free) in Keys(userName, address))
            {
                Find(name, now).Fail(time, now, free, Longest);
            }
        }
    }

    public void Succeeded(string userName, IPAddress address)
    {
        lock (_gate)
        {
            // The address's count stays, or an attacker with an account could clear it.
            var now = time.GetTimestamp();
            _ = _entries.Remove(UserKey(userName));
            var pair = Find(PairKey(userName, address), now);
            pair.Failures = 0;
            pair.Until = 0;
            pair.Proven = true;
        }
    }

    private IEnumerable<(string Name, int Free)> Keys(string userName, IPAddress address)
    {
        var pair = PairKey(userName, address);
        return _entries.TryGetValue(pair, out var entry) && entry.Proven && time.GetElapsedTime(entry.Last) < MemoryOfSuccess
            ? [(pair, FreeForUser)]
            : [(UserKey(userName), FreeForUser), (AddressKey(address), FreeForAddress)];
    }

    private Entry Find(string name, long now)
    {
        if (_entries.TryGetValue(name, out var entry) && time.GetElapsedTime(entry.Last, now) > (entry.Proven ? MemoryOfSuccess : Memory))
        {
            _ = _entries.Remove(name);
            entry = null;
        }

        if (entry is null)
        {
            Prune();
            entry = new Entry();
            _entries.Add(name, entry);
        }

        entry.Last = now;
        return entry;
    }

    private void Prune()
    {
        if (_entries.Count >= MostEntries)
        {
            foreach (var (name, _) in _entries.OrderBy(pair => pair.Value.Last).Take(MostEntries / 4).ToArray())
            {
                _ = _entries.Remove(name);
            }
        }
    }

    private static string UserKey(string userName) => "u" + userName;

    private static string AddressKey(IPAddress address) => "a" + Network(address);

    private static string PairKey(string userName, IPAddress address) => $"p{Network(address)} {userName}";

    /// <summary>What stands for all addresses that one client may have: who has one of IPv6 mostly has 2^64 of them.</summary>
    public static string Network(IPAddress address)
    {
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes(), 0, 8)
            : address.ToString();
    }

    private sealed class Entry
    {
        public int Failures { get; set; }

        public long Until { get; set; }

        public long Last { get; set; }

        public bool Proven { get; set; }

        public TimeSpan Wait(TimeProvider time, long now) => Until > now ? time.GetElapsedTime(now, Until) : TimeSpan.Zero;

        public void Fail(TimeProvider time, long now, int free, TimeSpan longest)
        {
            var over = ++Failures - free;
            if (over >= 0)
            {
                var seconds = Math.Min(Math.Pow(2, Math.Min(over, 16)), longest.TotalSeconds);
                Until = now + (long)(seconds * time.TimestampFrequency);
            }
        }
    }
}
