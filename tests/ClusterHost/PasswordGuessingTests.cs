using System.Net;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class PasswordGuessingTests : IDisposable
{
    private static readonly Peer Attacker = Peer.At(IPAddress.Parse("192.0.2.1"));
    private static readonly Peer Local = Peer.At(IPAddress.Loopback);
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly Dictionary<int, string> _localUsers = new() { [1] = "1000", [2] = "0" };
    private readonly CatalogDatabase _catalog;
    private readonly UserStore _users;

    public PasswordGuessingTests()
    {
        _catalog = CatalogDatabase.Open(_directory["catalog.db"]);
        _users = new UserStore(
            _catalog, new SessionStore(_time), saveOwner: null, _time, peer => _localUsers.GetValueOrDefault(peer.Client.Port));
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Guessing_from_elsewhere_stops_even_the_right_password_there_but_never_from_loopback()
    {
        await _users.SetOwnerAsync(new StoredCredential("root", "the right one"));
        for (var guess = 0; guess < 10; guess++)
        {
            Assert.Equal("The user name or the password is wrong.", await RefusalAsync($"guess {guess}", Attacker));
        }

        Assert.Contains("Try again in 1 seconds", await RefusalAsync("the right one", Attacker), StringComparison.Ordinal);
        Assert.Equal("root", (await _users.LoginAsync("root", "the right one", Local)).UserName);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("root", (await _users.LoginAsync("root", "the right one", Attacker)).UserName);
    }

    [Fact]
    public async Task Another_local_user_waits_for_one_guess_of_those_who_guess_and_not_for_all_of_them()
    {
        await _users.SetOwnerAsync(new StoredCredential("root", "the right one"));
        await _users.AddAsync(new ClusterUser { UserName = "ann", Role = UserRole.Admin }, "anns password", Local);
        var guesses = Enumerable.Range(0, 20).Select(guess => Task.Run(() => _users.LoginAsync($"nobody{guess}", "wrong", Own(1))))
            .ToArray();
        var more = Enumerable.Range(0, 20).Select(_ => Task.Run(() => _users.LoginAsync("ann", "wrong", Own(1)))).ToArray();
        while (_users.WaitingLogIns < 36)
        {
            await Task.Delay(1);
        }

        Assert.Equal("ann", (await _users.LoginAsync("ann", "anns password", Own(2))).UserName);
        Assert.InRange(_users.WaitingLogIns, 30, 40);

        // Each is let go once it has been compared and the clock has moved by the time that a wrong one takes.
        while (!Array.TrueForAll([.. guesses, .. more], guess => guess.IsCompleted))
        {
            _time.Advance(LoginBrake.LoopbackDelay);
            await Task.Delay(20);
        }

        Assert.All(guesses.Concat(more), guess => Assert.True(guess.IsFaulted));

        static Peer Own(int port) => new(new IPEndPoint(IPAddress.Loopback, port), new IPEndPoint(IPAddress.Loopback, 7080));
    }

    [Fact]
    public async Task A_password_of_an_older_hash_is_taken_and_hashed_again()
    {
        var salt = new byte[16];
        var old = new PasswordHash(
            salt,
            System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(
                "the right one", salt, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32),
            1000);
        await _catalog.WriteAsync(
            catalog => catalog.PutUser(new UserRow(new ClusterUser { UserName = "ann", Role = UserRole.Admin }, old)));
        Assert.Equal(UserRole.Admin, (await _users.LoginAsync("ann", "the right one", Attacker)).Role);
        var now = _catalog.Read(catalog => catalog.FindUser("ann"))!.Password;
        Assert.False(now.Weak);
        Assert.True(now.Matches("the right one"));
        Assert.Equal("ann", (await _users.LoginAsync("ann", "the right one", Attacker)).UserName);
    }

    private async Task<string> RefusalAsync(string password, Peer peer)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => _users.LoginAsync("root", password, peer));
        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        return error.Message;
    }
}
