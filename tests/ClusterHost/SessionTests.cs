using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class SessionTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private InProcessHost _host = null!;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync(configure: options => options with { Time = _time });

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_session_ends_fifteen_minutes_after_its_last_use()
    {
        _time.Advance(TimeSpan.FromMinutes(14));
        await _host.Client.OkAsync("ListVolumes");
        _time.Advance(TimeSpan.FromMinutes(14));
        await _host.Client.OkAsync("ListVolumes");
        _time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("session-failure", (await _host.Client.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_session_id_is_32_hex_digits_and_an_unknown_one_is_a_session_failure()
    {
        Assert.Matches("^[0-9a-f]{32}$", _host.Client.SessionId!);
        _host.Client.SessionId = new string('0', 32);
        Assert.Equal("session-failure", (await _host.Client.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
        _host.Client.SessionId = null;
        Assert.Equal("session-failure", (await _host.Client.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("HedvigAdmin", "wrong")]
    [InlineData("nobody", "wrong")]
    public async Task A_wrong_credential_is_refused_without_telling_which_part(string userName, string password)
    {
        var answer = await _host.Client.CallAsync("Login", new JsonObject { ["userName"] = userName, ["password"] = password });
        Assert.Equal("failure", answer["status"]!.GetValue<string>());
        Assert.Equal("Unauthorized", answer["code"]!.GetValue<string>());
        Assert.Equal("The user name or the password is wrong.", answer["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Health_answers_without_a_login()
    {
        using var client = new RestClient(_host.Address);
        Assert.Equal("""{"status":"ok"}""", await client.Http.GetStringAsync("/healthz"));
    }
}
