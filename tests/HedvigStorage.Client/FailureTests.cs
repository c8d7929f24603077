using HedvigStorage.Hosting;
using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

/// <summary>What the client makes of nodes that fail in every way there is, over real sockets.</summary>
public sealed class FailureTests : IDisposable
{
    private const string Login = """{"status":"ok","result":{"sessionId":"s1"}}""";
    private readonly ScriptedCluster _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_node_that_never_answers_is_passed_over_after_its_time()
    {
        using var silent = new RawNode(_ => null);
        _server.On("VirtualDiskDetails", Failed("warning", "Virtual disk couldn't be found"));
        using var cluster = _server.Connect(TimeSpan.FromSeconds(2), silent.Address);

        Assert.Null(await cluster.FindVolumeAsync("v", CancellationToken.None));
        Assert.Null(await cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal(_server.Address, cluster.Address);
        Assert.Single(silent.Seen);
    }

    [Fact]
    public async Task The_node_that_answers_is_kept_until_it_fails_and_then_the_first_one_is_asked_again()
    {
        using var second = new ScriptedCluster();
        var down = true;
        _server.On("VirtualDiskDetails", _ => down ? throw new AbortConnectionException() : Failed("warning", "couldn't be found"));
        second.On("VirtualDiskDetails", Failed("warning", "couldn't be found"));
        using var cluster = second.Connect(null, _server.Address);
        await cluster.FindVolumeAsync("v", CancellationToken.None);
        Assert.Equal(second.Address, cluster.Address);

        down = false;
        await cluster.FindVolumeAsync("v", CancellationToken.None);
        Assert.Equal(second.Address, cluster.Address);

        second.Dispose();
        await cluster.FindVolumeAsync("v", CancellationToken.None);
        Assert.Equal(_server.Address, cluster.Address);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("closed")]
    [InlineData("unavailable")]
    public async Task An_answer_that_does_not_arrive_whole_is_asked_for_again(string how)
    {
        var calls = 0;
        using var node = new RawNode(request => request.Contains("\"Login\"", StringComparison.Ordinal) ? RawNode.Http(Login)
            : Interlocked.Increment(ref calls) > 1 ? RawNode.Http("""{"status":"warning","message":"couldn't be found"}""")
            : how switch
            {
                "cut" => RawNode.Http("""{"status":"warn""", length: 1000),
                "closed" => [],
                _ => RawNode.Http(string.Empty, "503 Service Unavailable"),
            });
        using var cluster = Connect(node);

        Assert.Null(await cluster.FindVolumeAsync("v", CancellationToken.None));
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("nothing", "", "is not JSON")]
    [InlineData("text", "hello", "is not JSON")]
    [InlineData("list", "[1]", "is not JSON of the right form")]
    [InlineData("null", "null", "the answer is null")]
    [InlineData("no status", "{}", "'status' is missing")]
    [InlineData("status", """{"status":{"s3cret":1}}""", "'status'")]
    [InlineData("no result", """{"status":"ok"}""", "'result' is missing")]
    [InlineData("result", """{"status":"ok","result":["s3cret"]}""", "result")]
    [InlineData("member", """{"status":"ok","result":{"vDiskName":{"s3cret":1}}}""", "vDiskName")]
    [InlineData("number", """{"status":"ok","result":{"vDiskName":"v","sizeBytes":"s3cret"}}""", "sizeBytes")]
    [InlineData("no member", """{"status":"ok","result":{"vDiskName":"v","sizeBytes":1}}""", "'result.diskType'")]
    public async Task An_answer_of_the_wrong_form_names_the_request_and_the_member_and_shows_no_value(string what, string body, string said)
    {
        using var node = new RawNode(request => RawNode.Http(request.Contains("\"Login\"", StringComparison.Ordinal) ? Login : body));
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.True(error.Code == ErrorCode.Protocol, $"{what}: {error.Code}");
        Assert.Contains("VirtualDiskDetails", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, node.Seen.Count);
    }

    [Fact]
    public async Task Bytes_that_are_not_text_are_a_protocol_error()
    {
        using var node = new RawNode(
            request =>
                RawNode.Http(
                    request.Contains("\"Login\"", StringComparison.Ordinal)
                        ? Encoding.ASCII.GetBytes(Login)
                        : [(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}']));
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
    }

    [Fact]
    public async Task What_is_not_http_is_a_protocol_error_and_not_asked_again()
    {
        using var node = new RawNode(_ => "220 mail.example.org ready\r\n"u8.ToArray());
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains("Is the address that of a cluster?", error.Message, StringComparison.Ordinal);
        Assert.Single(node.Seen);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("404 Not Found")]
    public async Task A_good_answer_counts_whatever_the_http_status(string status)
    {
        using var node = new RawNode(request => request.Contains("\"Login\"", StringComparison.Ordinal)
            ? RawNode.Http(Login)
            : RawNode.Http("""{"status":"ok","result":{"vDiskName":"v","sizeBytes":1073741824,"diskType":"BLOCK"}}""", status));
        using var cluster = Connect(node);

        Assert.Equal("v", (await cluster.FindVolumeAsync("v", CancellationToken.None))!.Name);
    }

    [Fact]
    public async Task A_page_of_another_server_is_a_protocol_error()
    {
        using var node = new RawNode(_ => RawNode.Http("<html>s3cret</html>", "404 Not Found"));
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Contains("HTTP status 404", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var other = new RawNode(_ => RawNode.Http(Login));
        using var node =
            new RawNode(
                _ =>
                    Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.Address}rest/\r\nContent-Length: 0\r\nConnection: "
                            + "close\r\n\r\n"));
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.ConnectAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Protocol, error.Code);
        Assert.Empty(other.Seen);
    }

    [Fact]
    public async Task A_session_that_ends_under_many_callers_is_opened_once_more()
    {
        var ended = false;
        _server.On("VirtualDiskDetails", request => ended && string.Equals(request.SessionId, "session1", StringComparison.Ordinal)
            ? Failed("session-failure", "The session has ended.")
            : Failed("warning", "couldn't be found"));
        using var cluster = _server.Connect();
        await cluster.FindVolumeAsync("v", CancellationToken.None);
        ended = true;

        await Task.WhenAll(
            Enumerable.Range(0, 30)
                .Select(number => cluster.FindVolumeAsync("v" + number.ToString(CultureInfo.InvariantCulture), CancellationToken.None)));

        Assert.Equal(2, _server.SeenOf("Login").Length);
    }

    [Fact]
    public async Task One_callers_cancellation_does_not_end_the_log_in_that_others_wait_for()
    {
        using var gate = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var logins = 0;
        _server.On("Login", _ =>
        {
            if (Interlocked.Increment(ref logins) == 1)
            {
                cancellation.Cancel();
                gate.Wait(TimeSpan.FromMinutes(1));
            }

            return Ok("""{"sessionId":"s"}""");
        });
        _server.On("VirtualDiskDetails", Failed("warning", "couldn't be found"));
        using var cluster = _server.Connect();

        var first = cluster.FindVolumeAsync("a", cancellation.Token);
        var second = cluster.FindVolumeAsync("b", CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Null(await second);
        gate.Set();
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_a_silent_node_and_between_repeats()
    {
        using var silent = new RawNode(_ => null);
        using var cancellation = new CancellationTokenSource();
        using var cluster = Connect(silent);
        var waiting = cluster.ConnectAsync(cancellation.Token);
        while (silent.Seen.IsEmpty)
        {
            await Task.Delay(10);
        }

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("clone")]
    [InlineData("revert")]
    public async Task What_a_repeat_could_harm_is_sent_once(string what)
    {
        _server.On("MakeSnapshot", _ => throw new AbortConnectionException());
        _server.On("CloneVdisk", _ => throw new AbortConnectionException());
        _server.On("RevertVolume", _ => throw new AbortConnectionException());
        using var other = new ScriptedCluster();
        using var cluster = other.Connect(null, _server.Address);

        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => what switch
        {
            "snapshot" => cluster.CreateSnapshotAsync("v", null, CancellationToken.None),
            "clone" => cluster.CreateVolumeAsync(new VolumeSpecification { Name = "c", SourceVolume = "v" }, CancellationToken.None),
            _ => cluster.RevertVolumeAsync("v", "s", CancellationToken.None),
        });

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.Single(_server.Seen, request => request.Type is "MakeSnapshot" or "CloneVdisk" or "RevertVolume");
        Assert.DoesNotContain(other.Seen, request => request.Type is "MakeSnapshot" or "CloneVdisk" or "RevertVolume");
    }

    [Fact]
    public async Task A_request_that_never_reached_a_node_is_sent_to_the_next_whatever_it_is()
    {
        _server.On("MakeSnapshot", Ok("""[{"status":"ok","snapshotName":"s1","snapshot":{"volume":"v","name":"s1","sizeBytes":1073741824,"createdAt":"2026-01-01T00:00:00Z"}}]"""));
        using var cluster = _server.Connect(null, new Uri($"http://127.0.0.1:{FreePort()}"));

        Assert.Equal("s1", (await cluster.CreateSnapshotAsync("v", null, CancellationToken.None)).Name);
    }

    [Theory]
    [InlineData("""[{"status":"failure","message":"disk is in use"}]""")]
    [InlineData("""[{"status":"ok"},{"status":"failure","message":"disk is in use"}]""")]
    public async Task An_item_that_failed_inside_an_ok_answer_is_an_error(string items)
    {
        _server.On("DeleteVDisk", Ok(items));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.DeleteVolumeAsync("v", CancellationToken.None));

        Assert.Equal(ErrorCode.Busy, error.Code);
    }

    [Theory]
    [InlineData("NotFound", "Nothing there", ErrorCode.NotFound)]
    [InlineData("Conflict", "It differs", ErrorCode.Conflict)]
    [InlineData("Refused", "It is protected", ErrorCode.Refused)]
    [InlineData("Unauthorized", "Not for you", ErrorCode.Unauthorized)]
    [InlineData("NoSpace", "Full", ErrorCode.NoSpace)]
    [InlineData(null, "The disk already exists", ErrorCode.Conflict)]
    [InlineData(null, "Encryption: Run setkmsinfo command", ErrorCode.Refused)]
    public async Task The_kind_of_a_failure_is_told_by_its_code_or_by_hedvigs_words(string? code, string message, ErrorCode expected)
    {
        _server.On("AddPolicy", Failed("failure", message, code));
        using var cluster = _server.Connect();

        var error = await Assert.ThrowsAsync<ClusterException>(
            () => cluster.CreatePolicyAsync(new PolicySpecification { Name = "p" }, CancellationToken.None));

        Assert.Equal((expected, message), (error.Code, error.Message));
    }

    [Fact]
    public async Task An_operation_has_one_request_id_for_its_log_in_and_its_repeats_which_errors_tell_where_the_log_is_needed()
    {
        using var node = new RawNode(
            request =>
                RawNode.Http(
                    request.Contains("\"Login\"", StringComparison.Ordinal)
                        ? Login
                        : """{"status":"failure","code":"Internal","message":"The cluster failed inside.","requestId":"5f01"}"""));
        using var cluster = Connect(node);

        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.FindVolumeAsync("v", CancellationToken.None));

        Assert.Equal("The cluster failed inside. (request 5f01)", error.Message);
        var ids = node.Seen.Select(
            request =>
                request.Split('\n').Single(line => line.StartsWith("X-Request-Id: ", StringComparison.OrdinalIgnoreCase))
                    .Split(' ')[1].TrimEnd()).ToArray();
        Assert.Equal(2, ids.Length);
        Assert.Matches("^[0-9a-f]{12}$", Assert.Single(ids.Distinct(StringComparer.Ordinal)));
    }

    private static Cluster.HedvigCluster Connect(RawNode node) => new(new ClusterConnection
    {
        Nodes = new List<Uri> { node.Address },
        Credential = new Credential(User, Password),
        RequestTimeout = TimeSpan.FromSeconds(60),
    });
}
