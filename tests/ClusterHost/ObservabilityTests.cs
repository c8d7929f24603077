using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.ClusterHost.Rest;
using HedvigStorage.Linux.Logging;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class ObservabilityTests : IDisposable
{
    private readonly LogText _log = new();

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("abc-1.2_Z", true)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234", false)]
    [InlineData("a b", false)]
    [InlineData("a\"b", false)]
    [InlineData("ä", false)]
    public async Task A_good_request_id_of_the_client_is_echoed_and_another_one_is_made_for_a_bad_one(string id, bool good)
    {
        await using var host = await InProcessHost.StartAsync();

        var first = await AskAsync(host, id);
        var second = await AskAsync(host, id);

        Assert.Equal(good, string.Equals(first, id, StringComparison.Ordinal));
        Assert.Equal(good, string.Equals(first, second, StringComparison.Ordinal));
        Assert.Matches("^[A-Za-z0-9._-]{1,64}$", first);
    }

    [Fact]
    public async Task Changes_are_logged_at_information_and_reads_at_debug()
    {
        await using var host = await StartAsync(LogFormat.Text, LogLevel.Information);
        await host.Client.CreateAsync("v1");
        await host.Client.ListVolumesAsync();
        await host.Client.FailAsync("InvalidArgument", "AddVirtualDisk");

        await _log.HasAsync("InvalidArgument");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z information ChangeEnded \[[0-9a-f-]+\] AddVirtualDisk by \S+ from 127\.0\.0\.1: ok in [0-9.]+ ms\.$", _log.Lines.First(line => line.Contains("AddVirtualDisk", StringComparison.Ordinal)));
        Assert.Equal(2, _log.Count("AddVirtualDisk"));
        Assert.Equal(0, _log.Count("ListVolumes"));
    }

    [Fact]
    public async Task A_json_line_is_one_object_with_time_level_event_request_and_fields()
    {
        await using var host = await StartAsync(LogFormat.Json, LogLevel.Debug);
        var id = await AskAsync(host, "my-id");
        await _log.HasAsync("my-id");

        var line = JsonNode.Parse(_log.Lines.First(text => text.Contains("my-id", StringComparison.Ordinal)))!;
        Assert.Equal("my-id", id);
        Assert.Equal("my-id", line["requestId"]!.GetValue<string>());
        Assert.Equal("debug", line["level"]!.GetValue<string>());
        Assert.Equal("ReadEnded", line["event"]!.GetValue<string>());
        Assert.Equal("ListVolumes", line["fields"]!["type"]!.GetValue<string>());
        Assert.Equal("ok", line["fields"]!["outcome"]!.GetValue<string>());
        Assert.True(line["fields"]!["milliseconds"]!.GetValue<double>() >= 0);
        Assert.True(DateTimeOffset.TryParse(line["time"]!.GetValue<string>(), CultureInfo.InvariantCulture, out _));
        Assert.All(_log.Lines, text => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind));
    }

    [Fact]
    public async Task No_parameter_and_no_session_is_ever_logged()
    {
        await using var host = await StartAsync(LogFormat.Json, LogLevel.Debug);
        await host.Client.CallAsync(
            "Login", new JsonObject { ["userName"] = "s3cret-user", ["password"] = "s3cret-password", ["cluster"] = string.Empty });
        await host.Client.CallAsync("s3cret-type", new JsonObject { ["a"] = "s3cret-value" });
        await host.Client.SendAsync("{type:'s3cret");
        using var form = new StringContent("request=s3cret%zz", System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await host.Client.Http.PostAsync(new Uri("/rest/", UriKind.Relative), form);
        await AskAsync(host, "last");

        await _log.HasAsync("\"last\"");
        Assert.Equal(0, _log.Count("s3cret"));
        Assert.Equal(0, _log.Count(host.Client.SessionId!));
    }

    [Fact]
    public async Task A_line_logged_anywhere_in_an_operation_carries_its_request()
    {
        await using (var lines = new LogLines(_log))
        {
            using var provider = new LogProvider(lines.Write, LogFormat.Text, TimeProvider.System, () => RequestId.Current);
            using var factory = LoggerFactory.Create(logging => logging.AddProvider(provider));
            var logger = factory.CreateLogger("engine");
            await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(async () =>
            {
                RequestId.Current = string.Create(CultureInfo.InvariantCulture, $"r{number}");
                await Task.Yield();
                await Task.Run(
                    () => Common.HostLog.Problem(logger, string.Create(CultureInfo.InvariantCulture, $"p{number}\nsecond line")));
            })));
        }

        Assert.Equal(10, _log.Lines.Length);
        Assert.All(
            Enumerable.Range(0, 10),
            number => Assert.Equal(1, _log.Count(string.Create(CultureInfo.InvariantCulture, $"[r{number}] p{number} second line"))));
    }

    [Fact]
    public async Task A_log_that_nobody_reads_holds_nothing_up()
    {
        using var stuck = new StuckWriter();
        await using var host = await InProcessHost.StartAsync(
            configure: options => options with { Log = stuck, LogLevel = LogLevel.Debug });

        for (var i = 0; i < 200; i++)
        {
            await host.Client.OkAsync("ListVolumes");
        }

        Assert.True(stuck.IsStuck);
        stuck.Release();
    }

    [Fact]
    public async Task Metrics_tell_requests_volumes_and_bytes_in_prometheus_form()
    {
        await using var host = await InProcessHost.StartAsync();
        await host.Client.CreateAsync("v1", "16MB");
        await host.Client.AttachAsync("v1");
        await host.Client.ListVolumesAsync();
        await host.Client.ListVolumesAsync();
        await host.Client.FailAsync("NotFound", "VirtualDiskDetails", new JsonObject { ["virtualDisk"] = "none" });

        using var response = await host.Client.Http.GetAsync(new Uri("/metrics", UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        AssertIsPrometheus(text);
        Assert.Equal(2, Value(text, "hedvig_requests_total{type=\"ListVolumes\",outcome=\"ok\"}"));
        Assert.Equal(1, Value(text, "hedvig_requests_total{type=\"VirtualDiskDetails\",outcome=\"NotFound\"}"));
        Assert.Equal(2, Value(text, "hedvig_request_duration_seconds_count{type=\"ListVolumes\"}"));
        Assert.Equal(2, Value(text, "hedvig_request_duration_seconds_bucket{type=\"ListVolumes\",le=\"+Inf\"}"));
        Assert.Equal(1, Value(text, "hedvig_volumes"));
        Assert.Equal(16 << 20, Value(text, "hedvig_provisioned_bytes"));
        Assert.Equal(1, Value(text, "hedvig_attachments"));
        Assert.Equal(1, Value(text, "hedvig_sessions"));
        Assert.Equal(1, Value(text, "hedvig_healthy"));
        Assert.True(Value(text, "hedvig_free_bytes") > 0);
        Assert.True(Value(text, "hedvig_catalog_commits_total") > 0);
        Assert.True(Value(text, "process_start_time_seconds") > 1_700_000_000);
        Assert.Matches(@"hedvig_build_info\{version=""\d+\.\d+\.\d+"",engine=""Embedded""\} 1", text);
    }

    [Fact]
    public async Task Types_that_are_not_known_are_one_label()
    {
        await using var host = await InProcessHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await host.Client.CallAsync(string.Create(CultureInfo.InvariantCulture, $"Type{i}"));
        }

        var text = await host.Client.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(50, Value(text, "hedvig_requests_total{type=\"unknown\",outcome=\"Unsupported\"}"));
        Assert.DoesNotContain("Type1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_session_counts_as_session_failure()
    {
        await using var host = await InProcessHost.StartAsync();
        host.Client.SessionId = "none";
        await host.Client.CallAsync("ListVolumes");

        var text = await host.Client.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(1, Value(text, "hedvig_requests_total{type=\"ListVolumes\",outcome=\"session-failure\"}"));
    }

    [Theory]
    [InlineData(MetricsAccess.Loopback, "127.0.0.1", true)]
    [InlineData(MetricsAccess.Loopback, "::1", true)]
    [InlineData(MetricsAccess.Loopback, "192.0.2.1", false)]
    [InlineData(MetricsAccess.Loopback, null, false)]
    [InlineData(MetricsAccess.Public, "192.0.2.1", true)]
    [InlineData(MetricsAccess.Off, "127.0.0.1", false)]
    public void Metrics_are_for_this_machine_unless_they_are_public(object access, string? address, bool allowed) =>
        Assert.Equal(allowed, MetricsEndpoint.IsAllowed((MetricsAccess)access, address is null ? null : IPAddress.Parse(address)));

    [Fact]
    public async Task Metrics_that_are_off_are_403()
    {
        await using var host = await InProcessHost.StartAsync(configure: options => options with { Metrics = MetricsAccess.Off });
        using var response = await host.Client.Http.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private static async Task<string> AskAsync(InProcessHost host, string id)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            "/rest/?request=" + Uri.EscapeDataString($$"""{"type":"ListVolumes","sessionId":"{{host.Client.SessionId}}"}"""));
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = host.Address };
        using var response = await http.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["requestId"]!.GetValue<string>();
    }

    private static double Value(string text, string series) => double.Parse(
        Assert.Single(text.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..],
        CultureInfo.InvariantCulture);

    // Each sample belongs to the family above it, and has the form that scrapers read.
    private static void AssertIsPrometheus(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var family = string.Empty;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                Assert.Matches(
                    new Regex(
                        "^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))$",
                        RegexOptions.ExplicitCapture,
                        TimeSpan.FromSeconds(10)),
                    line);
                family = line.Split(' ')[2];
                continue;
            }

            Assert.StartsWith(family, line, StringComparison.Ordinal);
            Assert.Matches(
                new Regex(
                    """^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.E+-]+$""",
                    RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(10)),
                line);
            Assert.True(seen.Add(line[..line.LastIndexOf(' ')]), $"twice: {line}");
        }
    }

    private Task<InProcessHost> StartAsync(LogFormat format, LogLevel level) =>
        InProcessHost.StartAsync(configure: options => options with { Log = _log, LogFormat = format, LogLevel = level });

    private sealed class StuckWriter : TextWriter
    {
        private readonly ManualResetEventSlim _gate = new();

        public bool IsStuck { get; private set; }

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            IsStuck = true;
            _gate.Wait(TimeSpan.FromMinutes(2));
            return Task.CompletedTask;
        }

        public void Release() => _gate.Set();

        protected override void Dispose(bool disposing)
        {
            _gate.Set();
            base.Dispose(disposing);
        }
    }
}
