using System.Net;
using HedvigStorage.ClusterHost.Rest;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>
/// Counts connections and refuses those beyond the limits. This machine's own are counted apart: others cannot lock it out.
/// </summary>
internal sealed class ConnectionGate(ServerLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _ofAddress = [];
    private int _loopback;
    private int _remote;
    private long _refused;

    /// <summary>Gets how many are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _loopback + _remote;
            }
        }
    }

    /// <summary>Gets how many were refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Lets a connection in.</summary>
    /// <returns>What is disposed at the connection's end, or <see langword="null"/> if there are too many.</returns>
    public IDisposable? TryEnter(IPAddress address)
    {
        var own = IPAddress.IsLoopback(address);
        lock (_lock)
        {
            if (own ? _loopback < limits.LoopbackConnections : _remote < limits.RemoteConnections
                && _ofAddress.GetValueOrDefault(address) < limits.ConnectionsOfOneAddress)
            {
                Add(address, own, 1);
                return new Pass(this, address, own);
            }
        }

        _ = Interlocked.Increment(ref _refused);
        return null;
    }

    private void Add(IPAddress address, bool own, int change)
    {
        if (own)
        {
            _loopback += change;
            return;
        }

        _remote += change;
        var count = _ofAddress.GetValueOrDefault(address) + change;
        if (count == 0)
        {
            _ = _ofAddress.Remove(address);
        }
        else
        {
            _ofAddress[address] = count;
        }
    }

    private sealed class Pass(ConnectionGate gate, IPAddress address, bool own) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) != 0)
            {
                return;
            }

            lock (gate._lock)
            {
                gate.Add(address, own, -1);
            }
        }
    }
}
