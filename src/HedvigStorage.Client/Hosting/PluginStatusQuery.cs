#if NET8_0_OR_GREATER
using System;
using System.IO;
using System.Net.Http;
using System.Text.Json;
#endif
using System.Threading;
using System.Threading.Tasks;
#if NET8_0_OR_GREATER
using HedvigStorage.Client.Docker;
#endif

namespace HedvigStorage.Client.Hosting;

/// <summary>Asks a plugin host on its unix socket what it is doing.</summary>
internal static class PluginStatusQuery
{
#if NET8_0_OR_GREATER
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Returns its status, or <see langword="null"/> if none answers in time.</summary>
    public static async Task<PluginStatusMessage?> AskAsync(string socket, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, token) => await DockerTransport.ConnectSocketAsync(socket, token).ConfigureAwait(false),
        };
        using var http = new HttpClient(handler) { Timeout = AnswerLimit };
        try
        {
            using var response = await http.PostAsync(new Uri("http://plugin/HedvigStorage.Status"), null, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), HostingJson.Default.PluginStatusMessage)
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
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
#endif
}
