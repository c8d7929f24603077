using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

public sealed class HedvigSessionTests : IDisposable
{
    private readonly ScriptedCluster _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Requests_are_strict_json_in_a_posted_form_and_no_secret_is_in_the_url()
    {
        _server.On("ListPolicies", Ok("""{"policies":[]}"""));
        using var cluster = _server.Connect();

        Assert.Empty(await cluster.ListPoliciesAsync(CancellationToken.None));

        Assert.All(_server.Seen, request =>
        {
            Assert.Equal("POST", request.Method);
            Assert.Equal("/rest/", request.Url);
            Assert.StartsWith("application/x-www-form-urlencoded", request.ContentType, StringComparison.Ordinal);
        });
        var login = Assert.Single(_server.SeenOf("Login"));
        Assert.Equal("UserManagement", login.Category);
        Assert.Equal(Password, login.Parameters.GetProperty("password").GetString());
        Assert.Null(login.SessionId);
        Assert.Equal("session1", Assert.Single(_server.SeenOf("ListPolicies")).SessionId);
    }

    [Fact]
    public async Task Concurrent_first_calls_share_one_login()
    {
        _server.On("VirtualDiskDetails", Failed("warning", "Virtual disk couldn't be found"));
        using var cluster = _server.Connect();

        await Task.WhenAll(
            Enumerable.Range(0, 20)
                .Select(number => cluster.FindVolumeAsync("v" + number.ToString(CultureInfo.InvariantCulture), CancellationToken.None)));

        Assert.Single(_server.SeenOf("Login"));
    }

    [Fact]
    public async Task An_ended_session_is_opened_again_and_the_request_sent_once_more()
    {
        _server.On("ListPolicies", request => string.Equals(request.SessionId, "session1", StringComparison.Ordinal)
            ? Failed("session-failure", "The session has ended.")
            : Ok("""{"policies":[{"name":"gold","volumeCount":2}]}"""));
        _server.On("Capabilities", Ok("""{"engine":"Embedded"}"""));
        using var cluster = _server.Connect();

        var policies = await cluster.ListPoliciesAsync(CancellationToken.None);

        Assert.Equal("gold", Assert.Single(policies).Name);
        Assert.Equal(2, _server.SeenOf("Login").Length);
    }

    [Fact]
    public async Task A_session_that_is_never_accepted_is_an_error_and_no_endless_loop()
    {
        _server.On("ListPolicies", Failed("session-failure", "The session has ended."));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ListPoliciesAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.Equal(2, _server.SeenOf("ListPolicies").Length);
    }

    [Fact]
    public async Task A_refused_login_names_the_user_and_never_the_password_even_when_the_server_echoes_it()
    {
        _server.On("Login", Failed("failure", $"no user {User} with password {Password}"));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.Contains(User, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_is_passed_over_and_the_next_one_is_kept()
    {
        _server.On("VirtualDiskDetails", Failed("warning", "Virtual disk couldn't be found"));
        using var cluster = _server.Connect(null, new Uri($"http://127.0.0.1:{FreePort()}"));

        Assert.Null(await cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal(_server.Address, cluster.Address);
    }

    [Fact]
    public async Task No_node_at_all_is_unreachable_and_names_address_and_cause()
    {
        _server.Dispose();
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Equal($"No cluster answers at {_server.Address}: connection refused.", error.Message);
    }

    [Fact]
    public async Task A_silent_node_ends_with_the_request_timeout_as_unreachable()
    {
        using var gate = new ManualResetEventSlim();
        _server.On("VirtualDiskDetails", _ =>
        {
            gate.Wait(TimeSpan.FromMinutes(1));
            return Ok("{}");
        });
        using var cluster = _server.Connect(TimeSpan.FromSeconds(1));

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        gate.Set();
        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Contains("VirtualDiskDetails within 1 seconds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_slow_node()
    {
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        _server.On("VirtualDiskDetails", _ =>
        {
            cancellation.Cancel();
            gate.Wait(TimeSpan.FromMinutes(1));
            return Ok("{}");
        });
        using var cluster = _server.Connect();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.FindVolumeAsync("v", cancellation.Token));
        gate.Set();
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_where_a_repeat_does_no_harm()
    {
        var calls = 0;
        _server.On("AddVirtualDisk", _ => Interlocked.Increment(ref calls) == 1
            ? throw new AbortConnectionException()
            : Ok($$"""[{"name":"v","status":"ok","volume":{{Volume("v")}}}]"""));
        using var cluster = _server.Connect();

        var volume = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromGigabytes(1) }, CancellationToken.None);

        Assert.Equal("v", volume.Name);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_broken_connection_is_not_tried_again_for_a_snapshot_without_a_name()
    {
        _server.On("MakeSnapshot", _ => throw new AbortConnectionException());
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => cluster.CreateSnapshotAsync("v", null, CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Single(_server.SeenOf("MakeSnapshot"));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://user:secret@127.0.0.1")]
    public void An_address_that_is_none_is_refused_before_anything_is_sent(string address)
    {
        var error = Assert.Throws<ClusterException>(() => new Cluster.HedvigCluster(new HedvigStorage.Hosting.ClusterConnection
        {
            Nodes = [new Uri(address)],
            Credential = new HedvigStorage.Hosting.Credential("a", "b"),
        }));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
