using System.Net.Http;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Hosting;
using HedvigStorage.Protocol;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// Sends requests: logs in when that is needed, goes on to the next node when one is out of reach, and repeats what may be repeated.
/// </summary>
internal sealed class HedvigSession : IDisposable
{
    private const string RequestIdHeader = "X-Request-Id";
    private const int LargestAnswer = 64 << 20;
    private const int MostRounds = 3;

    private readonly ClusterConnection _connection;
    private readonly List<NodeSession> _nodes;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _pipeline;
    private readonly ResiliencePropertyKey<HedvigRequest> _requestKey = new("request");
    private readonly TimeProvider _time;
    private volatile Credential _credential;
    private volatile bool _closed;
    private int _current;

    public HedvigSession(ClusterConnection connection, HttpMessageHandler handler, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        _credential = connection.Credential;
        _nodes = connection.Nodes.Select(node => new NodeSession(node)).ToList();
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            // The budget of the whole: one request's time, and one more where another node can be asked after a silent one.
            .AddTimeout(TimeSpan.FromTicks(connection.RequestTimeout.Ticks * Math.Min(2, _nodes.Count)))
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => new ValueTask<bool>(
                    arguments.Outcome.Exception is TransportException failure && !_closed
                    && (!failure.Lasting || arguments.AttemptNumber < _nodes.Count - 1)
                    && (!failure.CarriedOutPerhaps || (
                        arguments.Context.Properties.TryGetValue(_requestKey, out var request) && request.Repeatable))),
                MaxRetryAttempts = (MostRounds * _nodes.Count) - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                // The next node is asked at once; only when all have been asked is there something to wait for.
                DelayGenerator = arguments =>
                    new ValueTask<TimeSpan?>((arguments.AttemptNumber + 1) % _nodes.Count == 0 ? null : TimeSpan.Zero),
            })
            .Build();
    }

    /// <summary>Gets the node that is spoken to.</summary>
    public Uri Address => _nodes[Volatile.Read(ref _current)].Address;

    /// <summary>Gets who logs in.</summary>
    public string UserName => _credential.UserName;

    /// <summary>Logs in where there is no session yet.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken)
    {
        var login = LoginRequest();
        return RunAsync(
            login, async (node, token) => await GetSessionAsync(node, null, login.Id, token).ConfigureAwait(false), cancellationToken);
    }

    /// <summary>Sends a request and returns its answer, whatever its status but an ended session.</summary>
    public Task<ResponseEnvelope> AskAsync(HedvigRequest request, CancellationToken cancellationToken) => RequestTracing.IsHeard
        ? TraceAsync(request, count => RunAsync(request, (node, token) => AskNodeAsync(count(node), request, token), cancellationToken))
        : RunAsync(request, (node, token) => AskNodeAsync(node, request, token), cancellationToken);

    /// <summary>Sends a request and returns its answer if that is <c>ok</c>.</summary>
    public async Task<ResponseEnvelope> SendAsync(HedvigRequest request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(request, cancellationToken).ConfigureAwait(false);
        return AnswerReader.IsOk(answer.Status) ? answer : throw AnswerReader.Failure(request.Type, answer);
    }

    /// <summary>Takes another password for the log-ins to come, once it has been changed.</summary>
    public void ChangePassword(string password) => _credential = new Credential(_credential.UserName, password);

    /// <summary>Ends the sessions that are open. A node that cannot be told forgets its session by itself.</summary>
    public async Task LogoutAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _nodes)
        {
            await node.LoginGate.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (node.SessionId is { } open)
                {
                    node.SessionId = null;
                    var request = HedvigRequest.Extension(RequestTypes.Logout);
                    _ = await PostAsync(node, request, open, request.Id, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (ClusterException)
            {
                // There is nothing left to be done about it.
            }
            finally
            {
                _ = node.LoginGate.Release();
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        _http.Dispose();
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private async Task<T> RunAsync<T>(
        HedvigRequest request, Func<NodeSession, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(_requestKey, request);
        TransportException? last = null;
        try
        {
            return await _pipeline.ExecuteAsync(
                async (attempt, _) =>
                {
                    var index = Volatile.Read(ref _current);
                    try
                    {
                        return await ask(_nodes[index], attempt.CancellationToken).ConfigureAwait(false);
                    }
                    catch (TransportException failure)
                    {
                        last = failure;
                        // Another caller may have gone on already; then its choice stands.
                        Interlocked.CompareExchange(ref _current, (index + 1) % _nodes.Count, index);
                        throw;
                    }
                },
                context,
                request).ConfigureAwait(false);
        }
        catch (Exception exception) when (_closed && !cancellationToken.IsCancellationRequested)
        {
            // What ends the work of a connection that is being closed has many names.
            throw new ClusterException(
                ErrorCode.Unreachable,
                $"The connection to the cluster at {Address} has been closed, before {request.Type} was answered.",
                exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw last
                ?? new TransportException(
                    $"The cluster at {Address} did not answer {request.Type} within {Seconds()} seconds (request {request.Id}).",
                    carriedOutPerhaps: true,
                    exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<ResponseEnvelope> TraceAsync(
        HedvigRequest request, Func<Func<NodeSession, NodeSession>, Task<ResponseEnvelope>> ask, string? id = null)
    {
        var started = _time.GetTimestamp();
        var tries = 0;
        var asked = Address;
        var outcome = "no answer";
        try
        {
            var answer = await ask(Count).ConfigureAwait(false);
            outcome = AnswerReader.Printable(answer.Status ?? string.Empty);
            return answer;
        }
        finally
        {
            RequestTracing.Tell(new RequestTrace
            {
                Type = request.Type,
                Node = asked,
                Elapsed = _time.GetElapsedTime(started),
                Tries = tries,
                RequestId = id ?? request.Id,
                Outcome = outcome,
                Parameters = ShownParameters.Of(request),
            });
        }

        NodeSession Count(NodeSession node)
        {
            tries++;
            asked = node.Address;
            return node;
        }
    }

    private async Task<ResponseEnvelope> AskNodeAsync(NodeSession node, HedvigRequest request, CancellationToken cancellationToken)
    {
        var session = await GetSessionAsync(node, null, request.Id, cancellationToken).ConfigureAwait(false);
        var answer = await PostAsync(node, request, session, request.Id, cancellationToken).ConfigureAwait(false);
        if (!AnswerReader.IsSessionFailure(answer.Status))
        {
            return answer;
        }

        // The session had ended, so nothing was carried out: any request may be sent again.
        session = await GetSessionAsync(node, session, request.Id, cancellationToken).ConfigureAwait(false);
        answer = await PostAsync(node, request, session, request.Id, cancellationToken).ConfigureAwait(false);
        return AnswerReader.IsSessionFailure(answer.Status)
            ? throw new ClusterException(
                ErrorCode.Unauthorized,
                $"The cluster at {node.Address} does not accept the session that it has just opened for user '{_credential.UserName}'.")
            : answer;
    }

    /// <summary>
    /// Returns the node's session, and opens one if there is none but the ended one. Concurrent callers share one log-in.
    /// </summary>
    private async Task<string> GetSessionAsync(NodeSession node, string? ended, string id, CancellationToken cancellationToken)
    {
        await node.LoginGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (node.SessionId is { } open && !string.Equals(open, ended, StringComparison.Ordinal))
            {
                return open;
            }

            var request = LoginRequest();
            var answer = RequestTracing.IsHeard
                ? await TraceAsync(request, count => PostAsync(count(node), request, sessionId: null, id, cancellationToken), id)
                    .ConfigureAwait(false)
                : await PostAsync(node, request, sessionId: null, id, cancellationToken).ConfigureAwait(false);
            if (!AnswerReader.IsOk(answer.Status))
            {
                var reason = string.IsNullOrWhiteSpace(answer.Message)
                    ? $"it answered '{answer.Status}'"
                    : AnswerReader.Printable(answer.Message!);
                // A cluster host, known by its code, never echoes a password; of another server nothing is known.
                reason = answer.Code is null ? Redact(reason) : reason;
                throw new ClusterException(
                    AnswerReader.ReadCode(answer.Code) ?? ErrorCode.Unauthorized,
                    $"The cluster at {node.Address} refused the login of user '{_credential.UserName}': {reason.TrimEnd('.')}.");
            }

            var session = AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.LoginResult).SessionId;
            return node.SessionId = string.IsNullOrEmpty(session)
                ? throw AnswerReader.Unreadable(request.Type, "the member 'result.sessionId' is missing")
                : session!;
        }
        finally
        {
            _ = node.LoginGate.Release();
        }
    }

    private HedvigRequest LoginRequest() => new(RequestTypes.Login, Categories.UserManagement, writer =>
    {
        writer.WriteString("userName", _credential.UserName);
        writer.WriteString("password", _credential.Password);
        writer.WriteString("cluster", _connection.ClusterName);
    });

    private async Task<ResponseEnvelope> PostAsync(
        NodeSession node, HedvigRequest request, string? sessionId, string id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_connection.RequestTimeout);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, node.Endpoint) { Content = RequestForm.Create(request, sessionId) };
            message.Headers.Add(RequestIdHeader, id);
            using var response = await _http.SendAsync(message, limit.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status is 502 or 503 or 504)
            {
                throw new TransportException(
                    $"The cluster at {node.Address} is not available: it answered {request.Type} with HTTP status {status} (request {id}).",
                    carriedOutPerhaps: status != 503,
                    innerException: null);
            }

            var body = await response.Content.ReadBytesAsync(limit.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode || LooksLikeJson(body)
                ? AnswerReader.ReadEnvelope(request.Type, body)
                : throw new ClusterException(
                    ErrorCode.Protocol,
                    $"{node.Endpoint} answered {request.Type} with HTTP status {status} and no answer of the Hedvig protocol. "
                        + "Is the address that of a cluster?");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransportException(
                $"The cluster at {node.Address} did not answer {request.Type} within {Seconds()} seconds (request {id}).",
                carriedOutPerhaps: true,
                exception);
        }
        catch (Exception exception) when (TransportFailure.FindNonsense(exception) is { } nonsense)
        {
            throw new ClusterException(
                ErrorCode.Protocol,
                $"What {node.Endpoint} answered to {request.Type} is not the answer of a cluster: {nonsense}. "
                    + "Is the address that of a cluster?",
                exception);
        }
        catch (Exception exception) when (TransportFailure.FindRefusal(exception) is { } refusal)
        {
            throw new TransportException(
                $"The certificate of {node.Address} is not trusted: {refusal.Message}. Have this machine trust its issuer (on Linux "
                    + "SSL_CERT_FILE names a file of authorities), or accept any certificate with --skip-certificate-check (in PowerShell "
                    + "-SkipCertificateCheck).",
                carriedOutPerhaps: false,
                exception) { Lasting = true };
        }
        catch (Exception exception) when (exception is HttpRequestException or System.IO.IOException)
        {
            var neverConnected = TransportFailure.NeverConnected(exception);
            throw new TransportException(
                neverConnected
                    ? $"No cluster answers at {node.Address}: {TransportFailure.Describe(exception)}."
                    : $"The connection to the cluster at {node.Address} broke before it had answered {request.Type}: "
                        + $"{TransportFailure.Describe(exception)} (request {id}).",
                !neverConnected,
                exception);
        }
    }

    // Terraform accepts a good answer under any HTTP status, so servers may send one.
    private static bool LooksLikeJson(byte[] body) => body.Length > 0 && body[0] == (byte)'{';

    private string Seconds() => _connection.RequestTimeout.TotalSeconds.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    private string Redact(string message) => _credential.Password is { Length: > 0 } password ? message.Replace(password, "***") : message;
}
