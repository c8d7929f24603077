using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Security.Cryptography;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>Who is logged in. A session ends 15 minutes after its last use; none outlives the process.</summary>
internal sealed class SessionStore(TimeProvider time)
{
    private const int MostSessions = 20_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public string Open(string userName)
    {
        if (_sessions.Count >= MostSessions)
        {
            Prune();
        }

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _sessions[id] = new Session(userName, time.GetTimestamp());
        return id;
    }

    public bool TryUse(string? id, out string? userName)
    {
        userName = null;
        if (id is null || !_sessions.TryGetValue(id, out var session))
        {
            return false;
        }

        if (time.GetElapsedTime(session.LastUse) > Lifetime)
        {
            _ = _sessions.TryRemove(id, out _);
            return false;
        }

        session.LastUse = time.GetTimestamp();
        userName = session.UserName;
        return true;
    }

    // Terraform logs in before every call and never uses most sessions again: the longest idle go first.
    private void Prune()
    {
        foreach (var (id, _) in _sessions.OrderBy(pair => pair.Value.LastUse).Take(MostSessions / 4).ToArray())
        {
            _ = _sessions.TryRemove(id, out _);
        }
    }

    private sealed class Session(string userName, long lastUse)
    {
        public string UserName { get; } = userName;

        public long LastUse { get; set; } = lastUse;
    }
}
