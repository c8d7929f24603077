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

    /// <summary>Gets how many sessions there are; one that has ended counts until it is asked for or makes room.</summary>
    public int Count => _sessions.Count;

    public string Open(string userName, UserRole role)
    {
        if (_sessions.Count >= MostSessions)
        {
            Prune();
        }

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _sessions[id] = new Session(userName, role, time.GetTimestamp());
        return id;
    }

    /// <summary>Finds a session and renews it; <see langword="null"/> if there is none or it has ended.</summary>
    public Session? Use(string? id)
    {
        if (id is null || !_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        if (time.GetElapsedTime(session.LastUse) > Lifetime)
        {
            _ = _sessions.TryRemove(id, out _);
            return null;
        }

        session.LastUse = time.GetTimestamp();
        return session;
    }

    // Terraform logs in before every call and never uses most sessions again: the longest idle go first.
    private void Prune()
    {
        foreach (var (id, _) in _sessions.OrderBy(pair => pair.Value.LastUse).Take(MostSessions / 4).ToArray())
        {
            _ = _sessions.TryRemove(id, out _);
        }
    }
}
