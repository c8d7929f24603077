using System.Collections.Concurrent;
using System.Security.Cryptography;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>
/// Who is logged in. A session ends 15 minutes after its last use. Sessions survive an orderly restart: Terraform takes an ended session
/// in the middle of a refresh for a volume that is gone.
/// </summary>
internal sealed class SessionStore(TimeProvider time)
{
    private const int MostSessions = 20_000;
    private const int IdLength = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<UInt128, Session> _sessions = new();

    /// <summary>Gets how many sessions there are; one that has ended counts until it is asked for or makes room.</summary>
    public int Count => _sessions.Count;

    public string Open(string userName, UserRole role)
    {
        if (_sessions.Count >= MostSessions)
        {
            Prune();
        }

        var id = RandomNumberGenerator.GetHexString(IdLength, lowercase: true);
        var key = KeyOf(id);
        _sessions[key] = new Session(key, userName, role, time.GetTimestamp());
        return id;
    }

    /// <summary>Finds a session and renews it; <see langword="null"/> if there is none or it has ended.</summary>
    public Session? Use(string? id)
    {
        if (id is not { Length: IdLength } || !_sessions.TryGetValue(KeyOf(id), out var session))
        {
            return null;
        }

        if (time.GetElapsedTime(session.LastUse) > Lifetime)
        {
            _ = _sessions.TryRemove(KeyOf(id), out _);
            return null;
        }

        session.LastUse = time.GetTimestamp();
        return session;
    }

    public void End(Session session) => _ = _sessions.TryRemove(session.Key, out _);

    /// <summary>Ends all sessions of a user but one.</summary>
    public void EndAllOf(string userName, Session? except = null) =>
        EndWhere(session => session.UserName == userName && !ReferenceEquals(session, except));

    public async Task LoadAsync(CatalogDatabase catalog)
    {
        if (catalog.Read(connection => connection.CountSessions()) == 0)
        {
            return;
        }

        var (now, stamp) = (time.GetUtcNow(), time.GetTimestamp());
        foreach (var row in await catalog.WriteAsync(connection => connection.TakeSessions()))
        {
            var age = now - row.LastUse;
            if (age >= TimeSpan.Zero && age <= Lifetime)
            {
                var key = BitConverter.ToUInt128(row.Key);
                _sessions[key] = new Session(key, row.UserName, row.Role, stamp - (long)(age.TotalSeconds * time.TimestampFrequency));
            }
        }
    }

    public Task SaveAsync(CatalogDatabase catalog)
    {
        var now = time.GetUtcNow();
        var rows = new List<SessionRow>();
        foreach (var (key, session) in _sessions)
        {
            var age = time.GetElapsedTime(session.LastUse);
            if (age <= Lifetime)
            {
                rows.Add(new SessionRow(BitConverter.GetBytes(key), session.UserName, session.Role, now - age));
            }
        }

        return rows.Count == 0 ? Task.CompletedTask : catalog.WriteAsync(connection => connection.PutSessions(rows));
    }

    private void EndWhere(Func<Session, bool> condition)
    {
        foreach (var (key, session) in _sessions)
        {
            if (condition(session))
            {
                _ = _sessions.TryRemove(key, out _);
            }
        }
    }

    // Terraform logs in before every call and never uses most sessions again: the longest idle go first.
    private void Prune()
    {
        foreach (var (key, _) in _sessions.OrderBy(pair => pair.Value.LastUse).Take(MostSessions / 4).ToArray())
        {
            _ = _sessions.TryRemove(key, out _);
        }
    }

    // A digest, so that neither the time of a look-up nor what is kept on disk tells an id.
    private static UInt128 KeyOf(string id)
    {
        Span<byte> text = stackalloc byte[3 * IdLength];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(text[..Encoding.UTF8.GetBytes(id, text)], digest);
        return BitConverter.ToUInt128(digest);
    }
}
