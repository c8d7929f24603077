#if NET8_0_OR_GREATER
using System.Net.Http;
using System.Text.Json;
#endif
#if NET8_0_OR_GREATER
using HedvigStorage.Client.Docker;
#endif

namespace HedvigStorage.Hosting;

/// <summary>Asks a plugin host on its unix socket what it is doing.</summary>
internal static class PluginStatusQuery
{
#if NET8_0_OR_GREATER
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Returns its status, or <see langword="null"/> if none answers in time.</summary>
    public static async Task<PluginStatusMessage?> AskAsync(string socket, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await CallAsync(socket, "HedvigStorage.Status", string.Empty, AnswerLimit, cancellationToken)
                .ConfigureAwait(false);

            // Another driver answers with an error.
            return answer is not null
                && JsonSerializer.Deserialize(answer, HostingJson.Default.PluginStatusMessage) is { ProcessId: > 0 } status
                ? status
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Makes a call, as the Docker Engine does, and returns the answer, also that of an error, or <see langword="null"/> if none comes in
    /// time.
    /// </summary>
    public static async Task<string?> CallAsync(
        string socket, string call, string body, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) => await DockerTransport.ConnectSocketAsync(socket, token).ConfigureAwait(false),
        };
        using var http = new HttpClient(handler) { Timeout = limit };
        using var content = new StringContent(body, Encoding.UTF8);
        try
        {
            using var response = await http.PostAsync(new Uri("http://plugin/" + call), content, cancellationToken).ConfigureAwait(false);
            return await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
#else
    /// <summary>Windows PowerShell, the one user of this build, has neither unix sockets nor plugin hosts.</summary>
    public static Task<PluginStatusMessage?> AskAsync(string socket, CancellationToken cancellationToken)
    {
        _ = socket;
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<PluginStatusMessage?>(null);
    }

    /// <inheritdoc cref="AskAsync"/>
    public static Task<string?> CallAsync(string socket, string call, string body, TimeSpan limit, CancellationToken cancellationToken)
    {
        _ = (socket, call, body, limit);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<string?>(null);
    }
#endif
}
