using System.Collections.Concurrent;
using System.Security.Cryptography;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>
/// Compares passwords with their hashes. Deriving a key is slow on purpose; a password that has been found right is remembered as a keyed
/// digest that is worth nothing outside this process, so that clients that log in before every call (Terraform does) are served quickly.
/// </summary>
/// <param name="findUser">Tells which user of this machine a local client is, or nothing where that cannot be told.</param>
internal sealed class PasswordCheck(Func<Peer, string?> findUser)
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, byte[]> _verified = new(StringComparer.Ordinal);

    // One derivation at a time, for guessing must not take the machine's processors; loopback has a turn of its own, so that guesses from
    // elsewhere cannot keep the admin waiting. Within either, whoever sends many waits behind those who send few.
    private readonly FairGate _local = new();
    private readonly FairGate _elsewhere = new();

    /// <summary>Gets how many passwords wait to be compared.</summary>
    public int Waiting => _local.Waiting + _elsewhere.Waiting;

    /// <summary>Tells whether a password is right without deriving anything; <see langword="false"/> says nothing.</summary>
    public bool IsKnown(string userName, string password, PasswordHash hash) =>
        _verified.TryGetValue(userName, out var known) && CryptographicOperations.FixedTimeEquals(known, Digest(userName, password, hash));

    /// <summary>Tells whether a password is right. Without a hash it is not, and finding that out takes as long.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: too many passwords are being compared.</exception>
    public Task<bool> IsRightAsync(
        string userName, string password, PasswordHash? hash, Peer peer) => (peer.IsLocal ? _local : _elsewhere).RunAsync(
        peer.IsLocal ? findUser(peer) ?? string.Empty : LoginBrake.Network(peer.Address),
        userName,
        () => Compare(userName, password, hash));

    /// <summary>Takes a password for right.</summary>
    public void Remember(string userName, string password, PasswordHash hash) => _verified[userName] = Digest(userName, password, hash);

    public void Forget(string userName) => _verified.TryRemove(userName, out _);

    private bool Compare(string userName, string password, PasswordHash? hash)
    {
        if (hash is null)
        {
            _ = PasswordHash.Make(password);
            return false;
        }

        if (!IsKnown(userName, password, hash) && !hash.Matches(password))
        {
            return false;
        }

        Remember(userName, password, hash);
        return true;
    }

    // With the hash in it, a digest is void as soon as the password is another.
    private byte[] Digest(string userName, string password, PasswordHash hash) =>
        HMACSHA256.HashData(_key, (byte[])[.. hash.Hash, .. Encoding.UTF8.GetBytes($"{userName}\0{password}")]);
}
