using System;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>Checks passwords.</summary>
internal sealed class UserStore(CatalogDatabase catalog) : IDisposable
{
    // Deriving a key is slow on purpose; a password that has been found right is remembered as a keyed digest that is worth nothing
    // outside this process, so that clients that log in before every call are served quickly.
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _verified = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _deriving = new(1, 1);

    /// <summary>Makes a user the only one, with a password. Costly only if the password is new.</summary>
    public async Task SetAdminAsync(Credential credential)
    {
        var known = Find(credential.UserName);
        if (known is null || !known.Matches(credential.Password))
        {
            var hash = PasswordHash.Make(credential.Password);
            await catalog.WriteAsync(connection =>
            {
                connection.Execute("DELETE FROM users");
                connection.Execute("INSERT INTO users (name, salt, hash, iterations) VALUES ($1, $2, $3, $4)", credential.UserName, hash.Salt, hash.Hash, (long)hash.Iterations);
            });
        }

        Remember(credential.UserName, credential.Password);
    }

    public async Task<bool> IsRightAsync(string userName, string password)
    {
        var digest = Digest(userName, password);
        if (_verified.TryGetValue(userName, out var known) && CryptographicOperations.FixedTimeEquals(known, digest))
        {
            return true;
        }

        // One at a time: guessing must not take the machine's processors.
        await _deriving.WaitAsync();
        try
        {
            var hash = Find(userName);
            if (hash is null)
            {
                // As costly as a wrong password, so that the time does not tell which users there are.
                _ = PasswordHash.Make(password);
                return false;
            }

            if (!hash.Matches(password))
            {
                return false;
            }
        }
        finally
        {
            _ = _deriving.Release();
        }

        _verified[userName] = digest;
        return true;
    }

    public void Dispose() => _deriving.Dispose();

    private void Remember(string userName, string password) => _verified[userName] = Digest(userName, password);

    private byte[] Digest(string userName, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{userName}\0{password}"));

    private PasswordHash? Find(string userName) => catalog.Read(connection => connection.First(
        "SELECT salt, hash, iterations FROM users WHERE name = $1",
        reader => new PasswordHash((byte[])reader.GetValue(0), (byte[])reader.GetValue(1), reader.GetInt32(2)),
        userName));
}
