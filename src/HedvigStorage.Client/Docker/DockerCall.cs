using System.Net.Http;
using System.Text.Json;
using Docker.DotNet;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Docker;

/// <summary>Makes calls to a Docker Engine: negotiates the API's version, limits the time and turns failures into errors.</summary>
internal sealed class DockerCall : IDisposable
{
    /// <summary>How long a call may take that no volume driver has a part in.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a call may take that waits for a volume driver: the engine itself gives that 2 minutes a call, and repeats some.
    /// </summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static readonly Version Oldest = new(1, 40);
    private static readonly Version WrittenFor = new(1, 50);

    private readonly Uri _address;
    private readonly EngineHandlerFactory _handlers;
    private volatile EngineVersion? _version;

    public DockerCall(Uri address, Uri http, HttpMessageHandler transport)
    {
        _address = address;
        _handlers = new EngineHandlerFactory(transport, http);
    }

    /// <summary>Writes a name as one part of a path; the library puts it there as it is. <c>..</c> would lead to another call.</summary>
    public static string Part(string kind, string name) => name.Trim('.').Length == 0
        ? throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(name)}' is not the name of {kind}.")
        : Uri.EscapeDataString(name);

    /// <summary>Asks for the version once.</summary>
    public async Task<EngineVersion> GetVersionAsync(CancellationToken cancellationToken)
    {
        if (_version is { } known)
        {
            return known;
        }

        using var exchange = new EngineExchange(Short, cancellationToken);
        var message = await CarryOutAsync(
            "version", exchange, null, (client, token) => client.System.GetVersionAsync(token), ErrorCode.Conflict).ConfigureAwait(false);
        if (!Version.TryParse(message.APIVersion, out var newest))
        {
            throw EngineErrors.Unreadable("version", "ApiVersion");
        }

        if (newest < Oldest)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The Docker Engine {message.Version} at {_address} speaks API version {newest} at most; {Oldest} or later is needed, "
                + "which Docker 19.03 and later speak.");
        }

        // An engine whose oldest is newer than this program is spoken to in that: the API only grows in what is needed here,
        // and an answer that lacks a part of that is an error, never a guess.
        var spoken = newest < WrittenFor ? newest : WrittenFor;
        spoken = Version.TryParse(message.MinAPIVersion, out var least) && least > spoken ? least : spoken;
        return _version = new EngineVersion(message.Version ?? string.Empty, spoken.ToString(2), message.Os ?? string.Empty);
    }

    /// <summary>Makes a call.</summary>
    /// <param name="what">What the answer is about, for the error if it cannot be read.</param>
    /// <param name="call">The library's call.</param>
    /// <param name="time">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="conflict">What status 409 means.</param>
    public async Task<T> AskAsync<T>(
        string what,
        Func<DockerClient, CancellationToken, Task<T>> call,
        TimeSpan time,
        CancellationToken cancellationToken,
        ErrorCode conflict = ErrorCode.Conflict)
    {
        using var exchange = new EngineExchange(time, cancellationToken);
        return await AskAsync(what, call, exchange, conflict).ConfigureAwait(false);
    }

    /// <summary>Makes a call in an exchange that has more to it than a time.</summary>
    public async Task<T> AskAsync<T>(
        string what, Func<DockerClient, CancellationToken, Task<T>> call, EngineExchange exchange, ErrorCode conflict = ErrorCode.Conflict)
    {
        var version = await GetVersionAsync(exchange.Cancellation).ConfigureAwait(false);
        return await CarryOutAsync(what, exchange, Version.Parse(version.ApiVersion), call, conflict).ConfigureAwait(false);
    }

    /// <summary>Makes a call whose answer has no content that matters.</summary>
    public async Task RunAsync(
        Func<DockerClient, CancellationToken, Task> call,
        TimeSpan time,
        CancellationToken cancellationToken,
        ErrorCode conflict = ErrorCode.Conflict)
    {
        using var exchange = new EngineExchange(time, cancellationToken);
        await RunAsync(call, exchange, conflict).ConfigureAwait(false);
    }

    /// <summary>Makes a call, in an exchange that has more to it than a time, whose answer has no content that matters.</summary>
    public Task RunAsync(
        Func<DockerClient, CancellationToken, Task> call, EngineExchange exchange, ErrorCode conflict = ErrorCode.Conflict) => AskAsync(
        "call",
        async (client, token) =>
        {
            await call(client, token).ConfigureAwait(false);
            return true;
        },
        exchange,
        conflict);

    /// <summary>Makes a call about a thing that may not be there; <see langword="null"/> if it is not.</summary>
    /// <param name="what">The kind of thing.</param>
    /// <param name="call">The library's call.</param>
    /// <param name="exchange">Its time.</param>
    /// <param name="saysGone">Tells whether the engine's words mean that the thing is not there: a 404 can also mean that its driver is
    /// not.</param>
    public async Task<T?> FindAsync<T>(
        string what, Func<DockerClient, CancellationToken, Task<T>> call, EngineExchange exchange, Func<string, bool>? saysGone = null)
        where T : class
    {
        try
        {
            return await AskAsync(what, call, exchange).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (EngineErrors.IsGone(exception) && saysGone?.Invoke(exception.Message) != false)
        {
            return null;
        }
    }

    public void Dispose() => _handlers.Dispose();

    private async Task<T> CarryOutAsync<T>(
        string what, EngineExchange exchange, Version? version, Func<DockerClient, CancellationToken, Task<T>> call, ErrorCode conflict)
    {
        // The exchange has the time that the call may take; the library's own would end some too soon.
        using var client = new DockerClientBuilder<EngineExchange>(_handlers, exchange)
            .WithEndpoint(_handlers.Http).WithApiVersion(version).WithTimeout(Timeout.InfiniteTimeSpan).Build();
        exchange.Renew();
        try
        {
            var answer = await call(client, exchange.Token).ConfigureAwait(false);
            return answer is null ? throw EngineErrors.Unreadable(what, "the answer") : answer;
        }
        catch (DockerApiException exception)
        {
            throw EngineErrors.Refusal(exception, conflict);
        }
        catch (JsonException exception)
        {
            throw EngineErrors.Unreadable(what, exception);
        }
        catch (Exception exception) when (exchange.Token.IsCancellationRequested && exception is not ClusterException)
        {
            // However a transport tells that its connection was closed under it: the reason is the end of the time, or whoever gave up.
            exchange.Cancellation.ThrowIfCancellationRequested();
            throw new ClusterException(ErrorCode.Unreachable, $"The Docker Engine at {_address} did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.Unreachable(_address, exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or NotImplementedException)
        {
            throw EngineErrors.Unreadable(what, "the answer");
        }
    }
}
