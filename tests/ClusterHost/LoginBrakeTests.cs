using System.Net;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class LoginBrakeTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Office = IPAddress.Parse("192.0.2.77");
    private readonly ManualTime _time = new();
    private readonly LoginBrake _brake;

    public LoginBrakeTests() => _brake = new LoginBrake(_time);

    [Fact]
    public void Wrong_passwords_for_a_user_are_held_up_longer_and_longer_and_then_forgotten()
    {
        Fail("ann", Attacker, 10);
        Assert.Contains("Try again in 1 seconds", Refusal("ann", Office), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        _brake.Check("ann", Office);
        Fail("ann", Attacker, 1);
        Assert.Contains("Try again in 2 seconds", Refusal("ann", Office), StringComparison.Ordinal);
        Fail("ann", Attacker, 20);
        Assert.Contains("Try again in 60 seconds", Refusal("ann", Office), StringComparison.Ordinal);
        _brake.Check("bob", Office);
        _time.Advance(TimeSpan.FromMinutes(16));
        Fail("ann", Attacker, 9);
        _brake.Check("ann", Office);
    }

    [Fact]
    public void An_address_that_guesses_for_many_users_is_held_up_for_all_of_them()
    {
        for (var user = 0; user < 50; user++)
        {
            Fail($"user{user}", Attacker, 1);
        }

        Assert.NotEmpty(Refusal("somebody", Attacker));
        _brake.Check("somebody", Office);
    }

    [Fact]
    public void All_addresses_of_an_IPv6_network_count_as_one()
    {
        for (var host = 1; host <= 50; host++)
        {
            Fail($"user{host}", IPAddress.Parse($"2001:db8::{host:x}"), 1);
        }

        Assert.NotEmpty(Refusal("somebody", IPAddress.Parse("2001:db8::ffff")));
        _brake.Check("somebody", IPAddress.Parse("2001:db8:1::1"));
    }

    [Fact]
    public void Who_has_logged_in_from_an_address_is_not_held_up_there_by_others()
    {
        _brake.Succeeded("ann", Office);
        Fail("ann", Attacker, 30);
        _brake.Check("ann", Office);
        Assert.NotEmpty(Refusal("ann", Attacker));

        // But the own mistakes count.
        Fail("ann", Office, 10);
        Assert.NotEmpty(Refusal("ann", Office));
    }

    [Fact]
    public void A_success_does_not_clear_the_count_of_an_address()
    {
        for (var user = 0; user < 50; user++)
        {
            Fail($"user{user}", Attacker, 1);
            _brake.Succeeded("mallory", Attacker);
        }

        Assert.NotEmpty(Refusal("ann", Attacker));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Loopback_is_never_refused(string address)
    {
        Fail("ann", Attacker, 100);
        Fail("ann", IPAddress.Parse(address), 100);
        _brake.Check("ann", IPAddress.Parse(address));
    }

    [Fact]
    public void What_is_remembered_is_limited()
    {
        for (var user = 0; user < 60_000; user++)
        {
            Fail($"user{user}", IPAddress.Parse($"10.{user >> 16}.{(user >> 8) & 255}.{user & 255}"), 1);
        }

        Assert.InRange(_brake.Count, 1, 10_000);
    }

    private void Fail(string user, IPAddress address, int times)
    {
        for (var index = 0; index < times; index++)
        {
            _brake.Failed(user, address);
        }
    }

    private string Refusal(string user, IPAddress address)
    {
        var error = Assert.Throws<ClusterException>(() => _brake.Check(user, address));
        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        return error.Message;
    }
}
