using System.Net.Http;
using System.Text.Json;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>Pulls an image and reads the engine's report, a JSON object a line. An error there is an error, though the answer began with success.</summary>
internal static class ImagePull
{
    // No line for this long means that nothing moves any more.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private static readonly string[] NetworkWords =
        ["dial tcp", "no such host", "i/o timeout", "connection refused", "network is unreachable", "TLS handshake", "Client.Timeout", "context deadline exceeded", "proxyconnect", "request canceled"];

    public static async Task RunAsync(DockerCall call, string reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var image = ImageReference.Parse(reference);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            limit.CancelAfter(LongestSilence);
            using var response = await call.OpenAsync(
                HttpMethod.Post, $"images/create?fromImage={Uri.EscapeDataString(image.Name)}&tag={Uri.EscapeDataString(image.Tag)}", limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Failure(reference, await DockerCall.ReadErrorAsync(response).ConfigureAwait(false), (int)response.StatusCode == 404 ? ErrorCode.NotFound : ErrorCode.Internal);
            }

            using var reader = new StreamReader(await response.Content.OpenReadAsync(limit.Token).ConfigureAwait(false));
            using var abort = limit.Token.Register(response.Dispose);
            while (await reader.NextLineAsync(limit.Token).ConfigureAwait(false) is { } line)
            {
                limit.CancelAfter(LongestSilence);
                Report(reference, line, progress);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException or HttpRequestException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw limit.IsCancellationRequested
                ? new ClusterException(ErrorCode.Unreachable, $"The pull of the image '{reference}' stood still for {LongestSilence.TotalMinutes} minutes.", exception)
                : call.Unreachable(exception);
        }
    }

    private static void Report(string reference, string line, IProgress<string>? progress)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        PullMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(line, DockerJson.Default.PullMessage);
        }
        catch (JsonException)
        {
            throw DockerCall.Unreadable("pull", "a line of the report");
        }

        if ((message?.ErrorDetail?.Message ?? message?.Error) is { Length: > 0 } error)
        {
            throw Failure(reference, AnswerReader.Printable(error), error.ContainsIgnoreCase("not found") || error.ContainsIgnoreCase("manifest unknown") ? ErrorCode.NotFound : ErrorCode.Internal);
        }

        if (progress is not null && message?.Status is { Length: > 0 } status)
        {
            progress.Report(AnswerReader.Printable(string.Join(" ", Array.FindAll([message.Id, status, message.Progress], part => !string.IsNullOrEmpty(part)))));
        }
    }

    private static ClusterException Failure(string reference, string error, ErrorCode code) => Array.Exists(NetworkWords, error.ContainsIgnoreCase)
        ? new ClusterException(ErrorCode.Unreachable, $"The image '{reference}' is not on this Docker Engine, and its registry cannot be reached: {DockerCall.Sentence(error)}")
        : new ClusterException(code, $"The image '{reference}' cannot be pulled: {DockerCall.Sentence(error)}");
}
