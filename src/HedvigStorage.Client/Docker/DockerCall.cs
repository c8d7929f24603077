using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>Makes calls to a Docker Engine: negotiates the API's version, limits the time and turns failures into errors.</summary>
internal sealed class DockerCall : IDisposable
{
    /// <summary>How long a call may take that no volume driver has a part in.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>How long a call may take that waits for a volume driver: the engine itself gives that 2 minutes a call, and repeats some.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private const int LargestAnswer = 64 << 20;
    private static readonly Version Oldest = new(1, 40);
    private static readonly Version WrittenFor = new(1, 50);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private volatile EngineVersion? _version;

    public DockerCall(Uri address, Uri http, HttpMessageHandler handler)
    {
        _address = address;
        _http = new HttpClient(handler) { BaseAddress = http, Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
    }

    /// <summary>Writes a name as one part of a path. <c>..</c> would lead to another call, whatever its escaping.</summary>
    public static string Part(string kind, string name) => name.Trim('.').Length == 0
        ? throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(name)}' is not the name of {kind}.")
        : Uri.EscapeDataString(name);

    public static ClusterException Unreadable(string what, string member) =>
        new(ErrorCode.Protocol, $"The Docker Engine's answer about a {what} is not what its API says: '{member}' is missing or has the wrong form.");

    /// <summary>Asks for the version once.</summary>
    public async Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known)
        {
            return known;
        }

        using var limit = Limit(Short, cancellationToken);
        using var response = await ExchangeAsync(HttpMethod.Get, "version", null, buffered: true, limit.Token, cancellationToken).ConfigureAwait(false);
        await CheckAsync(response).ConfigureAwait(false);
        var message = await ReadAsync(response, "version", DockerJson.Default.VersionMessage).ConfigureAwait(false);
        if (!Version.TryParse(message.ApiVersion, out var newest))
        {
            throw Unreadable("version", "ApiVersion");
        }

        if (newest < Oldest)
        {
            throw new ClusterException(ErrorCode.Unsupported, $"The Docker Engine {message.Version} at {_address} speaks API version {newest} at most; {Oldest} or later is needed, which Docker 19.03 and later speak.");
        }

        // An engine whose oldest is newer than this program is spoken to in that: the API only grows in what is needed here, and an answer that lacks a part of that is an error, never a guess.
        var spoken = newest < WrittenFor ? newest : WrittenFor;
        spoken = Version.TryParse(message.MinAPIVersion, out var least) && least > spoken ? least : spoken;
        return _version = new EngineVersion(message.Version ?? string.Empty, spoken.ToString(2), message.Os ?? string.Empty);
    }

    /// <summary>Makes a call and returns the whole answer, whatever its status. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan time, CancellationToken cancellationToken)
    {
        var version = await GetVersionAsync(cancellationToken).ConfigureAwait(false);
        using var limit = Limit(time, cancellationToken);
        return await ExchangeAsync(method, $"v{version.ApiVersion}/{path}", content, buffered: true, limit.Token, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call and returns as soon as the answer begins. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        var version = await GetVersionAsync(cancellationToken).ConfigureAwait(false);
        return await ExchangeAsync(method, $"v{version.ApiVersion}/{path}", null, buffered: false, cancellationToken, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call whose answer has no content that matters.</summary>
    public async Task RunAsync(HttpMethod method, string path, HttpContent? content, TimeSpan time, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, content, time, cancellationToken).ConfigureAwait(false);
        await CheckAsync(response).ConfigureAwait(false);
    }

    /// <summary>Makes a call and reads its answer.</summary>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? content, string what, JsonTypeInfo<T> form, TimeSpan time, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(method, path, content, time, cancellationToken).ConfigureAwait(false);
        await CheckAsync(response).ConfigureAwait(false);
        return await ReadAsync(response, what, form).ConfigureAwait(false);
    }

    /// <summary>Asks for a thing that may not be there.</summary>
    /// <param name="path">The call.</param>
    /// <param name="what">The kind of thing.</param>
    /// <param name="form">How to read it.</param>
    /// <param name="saysGone">Tells whether the engine's words mean that the thing is not there: a 404 can also mean that its driver is not.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T?> FindAsync<T>(string path, string what, JsonTypeInfo<T> form, Func<string, bool> saysGone, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, Long, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound && saysGone(await ReadErrorAsync(response).ConfigureAwait(false)))
        {
            return null;
        }

        await CheckAsync(response).ConfigureAwait(false);
        return await ReadAsync(response, what, form).ConfigureAwait(false);
    }

    /// <summary>Refuses an answer that is not a success. 304 is one: the thing was so already.</summary>
    public static async Task CheckAsync(HttpResponseMessage response, ErrorCode conflict = ErrorCode.Conflict)
    {
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
        {
            return;
        }

        throw new ClusterException(
            (int)response.StatusCode switch
            {
                400 => ErrorCode.InvalidArgument,
                401 => ErrorCode.Unauthorized,
                403 => ErrorCode.Refused,
                404 => ErrorCode.NotFound,
                409 => conflict,
                501 => ErrorCode.Unsupported,
                _ => ErrorCode.Internal,
            },
            "Docker: " + Sentence(await ReadErrorAsync(response).ConfigureAwait(false)));
    }

    public static async Task<string> ReadErrorAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        try
        {
            if (JsonSerializer.Deserialize(body, DockerJson.Default.ErrorMessage)?.Message is { Length: > 0 } message)
            {
                return AnswerReader.Printable(message);
            }
        }
        catch (JsonException)
        {
            // A proxy in between, or a very old engine, answers with bare text.
        }

        var text = AnswerReader.Printable(System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 500)));
        return text.Length > 0 ? text : "HTTP status " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Says why a connection to the engine failed.</summary>
    public ClusterException Unreachable(Exception exception)
    {
        // A missing path is told in words about network addresses, which mislead.
        var reason = string.Equals(_address.Scheme, "unix", StringComparison.Ordinal) && !System.IO.File.Exists(_address.LocalPath)
            ? "there is no such socket"
            : TransportFailure.Describe(exception);
        var hint = string.Equals(reason, "permission denied", StringComparison.Ordinal) ? ". Run as root or as a member of the group that owns the socket" : string.Empty;
        return new ClusterException(ErrorCode.Unreachable, $"No Docker Engine answers at {_address}: {reason}{hint}.", exception);
    }

    public static HttpContent Json<T>(T value, JsonTypeInfo<T> form)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, form));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    public static string Sentence(string text) => text.TrimEnd('.', ' ') + ".";

    public void Dispose() => _http.Dispose();

    private static CancellationTokenSource Limit(TimeSpan time, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(time);
        return limit;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, string what, JsonTypeInfo<T> form)
        where T : class
    {
        var body = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, form) ?? throw Unreadable(what, "the answer");
        }
        catch (JsonException exception)
        {
            throw Unreadable(what, exception.Path?.TrimStart('$', '.') is { Length: > 0 } member ? member : "the answer");
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        HttpMethod method, string path, HttpContent? content, bool buffered, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };

        // An engine that refuses an upload says so before it has read it, and ends the connection: it is asked before anything is sent.
        request.Headers.ExpectContinue = content is StreamContent ? true : null;
        try
        {
            return await _http.SendAsync(request, buffered ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException(ErrorCode.Unreachable, $"The Docker Engine at {_address} did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw Unreachable(exception);
        }
    }
}
