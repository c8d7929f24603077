using System.Net;
using System.Net.Http;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class HttpTests : IAsyncLifetime
{
    private const string FormType = "application/x-www-form-urlencoded";
    private InProcessHost _host = null!;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("POST", false)]
    [InlineData("POST", true)]
    [InlineData("PUT", false)]
    [InlineData("GET", false)]
    public async Task Post_put_and_get_are_answered_alike(string method, bool chunked)
    {
        var (status, answer) = await SendAsync(
            method,
            "request=" + Uri.EscapeDataString($$"""{"type":"ListVolumes","sessionId":"{{_host.Client.SessionId}}"}"""),
            chunked: chunked);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("ok", Text(answer, "status"));
        Assert.Equal("ListVolumes", Text(answer, "type"));
    }

    [Theory]
    [InlineData("request={type:'a b+c%ä'}", "request=%7Btype:'a+b%2Bc%25%C3%A4'}")]
    [InlineData("a name that is encoded", "%72equ%65st={type:'a+b%2Bc%25%c3%a4'}")]
    [InlineData("other fields", "x=%zz&requests=1&&flag&request={type:'a+b%2bc%25%C3%A4'}&y=%ff")]
    public async Task The_field_is_decoded_wherever_it_is(string what, string form)
    {
        foreach (var method in new[] { "POST", "GET" })
        {
            var (_, answer) = await SendAsync(
                method, form.Replace("}", "%7D", StringComparison.Ordinal).Replace("{", "%7B", StringComparison.Ordinal));
            Assert.True(string.Equals(Text(answer, "type"), "a b+c%ä", StringComparison.Ordinal), $"{what}, {method}: {answer}");
        }
    }

    [Theory]
    [InlineData("", "form field 'request'")]
    [InlineData("requests=1", "form field 'request'")]
    [InlineData("request", "form field 'request'")]
    [InlineData("request=%7B%7D&request=%7B%7D", "twice")]
    [InlineData("request=100%", "% at byte 3")]
    [InlineData("request=%1", "% at byte 0")]
    [InlineData("request=a%g0b", "% at byte 1")]
    [InlineData("request=%c3%28", "UTF-8")]
    [InlineData("request=%ff", "UTF-8")]
    [InlineData("request=%ed%a0%80", "UTF-8")]
    public async Task A_field_that_is_wrong_is_400_in_the_envelope(string form, string message)
    {
        foreach (var method in new[] { "POST", "PUT", "GET" })
        {
            var (status, answer) = await SendAsync(method, form);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            AssertRefused(answer, message);
        }
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/json", 415)]
    [InlineData("multipart/form-data; boundary=x", 415)]
    [InlineData("application/x-www-form-urlencodedX", 415)]
    [InlineData("application/x-www-form-urlencoded; charset=latin1", 415)]
    [InlineData(null, 415)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", 200)]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED;charset=\"utf-8\"", 200)]
    public async Task Only_a_form_in_utf_8_is_read(string? type, int expected)
    {
        var (status, answer) = await SendAsync("POST", "request=%7Btype:x%7D", type);

        Assert.Equal(expected, (int)status);
        Assert.Equal("failure", Text(answer, "status"));
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rest/")
        {
            Content = new StringContent("x", Encoding.ASCII, FormType),
        };
        request.Content.Headers.ContentEncoding.Add("gzip");
        using var response = await _host.Client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_are_405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/rest/");
        using var response = await _host.Client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "POST", "PUT"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Other_paths_are_404_in_the_envelope()
    {
        using var response = await _host.Client.Http.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        AssertRefused(JsonNode.Parse(await response.Content.ReadAsStringAsync())!, "/rest/");
    }

    [Fact]
    public async Task A_body_that_comes_in_many_pieces_is_put_together()
    {
        var description = string.Concat(Enumerable.Repeat("ä ", 50_000));
        var form = "request="
            + Uri.EscapeDataString(
                new JsonObject
                {
                    ["type"] = "ListVolumes",
                    ["sessionId"] = _host.Client.SessionId,
                    ["ignored"] = description,
                }.ToJsonString());

        var (_, answer) = await SendAsync("POST", form, chunked: true);

        Assert.Equal("ok", Text(answer, "status"));
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nrequest")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nreq")]
    public async Task A_body_that_ends_early_does_nothing_and_the_server_goes_on(string rest)
    {
        using (await RawConnection.OpenAsync(_host.Address, $"POST /rest/ HTTP/1.1\r\nHost: x\r\nContent-Type: {FormType}\r\n{rest}"))
        {
            // It is left at once.
        }

        await _host.Client.OkAsync("ListVolumes");
    }

    private static string? Text(JsonNode answer, string member) => answer[member]?.GetValue<string>();

    private static void AssertRefused(JsonNode answer, string message)
    {
        Assert.Equal("failure", Text(answer, "status"));
        Assert.Equal("InvalidArgument", Text(answer, "code"));
        Assert.Contains(message, Text(answer, "message"), StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, JsonNode Answer)> SendAsync(
        string method, string form, string? type = FormType, bool chunked = false)
    {
        if (string.Equals(method, "GET", StringComparison.Ordinal))
        {
            // Raw, for a client mends a query that is wrong.
            using var connection = await RawConnection.OpenAsync(
                _host.Address, $"GET /rest/?{form} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            var parts = (await connection.ReadToEndAsync()).Split("\r\n\r\n", 2);
            return ((HttpStatusCode)int.Parse(parts[0].Split(' ')[1], CultureInfo.InvariantCulture), JsonNode.Parse(parts[1])!);
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), "/rest/")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(form)),
        };
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        request.Headers.TransferEncodingChunked = chunked;
        using var response = await _host.Client.Http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
