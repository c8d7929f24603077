using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// Pulls an image and reads the engine's report, a JSON object a line. An error there is an error, though the answer began with success.
/// </summary>
internal static class ImagePull
{
    // No line for this long means that nothing moves any more.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private static readonly string[] NetworkWords =
        [
            "dial tcp", "no such host", "i/o timeout", "connection refused", "network is unreachable", "TLS handshake", "Client.Timeout",
            "context deadline exceeded", "proxyconnect", "request canceled",
        ];

    public static async Task RunAsync(DockerCall call, string reference, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var image = ImageReference.Parse(reference);
        using var exchange = new EngineExchange(LongestSilence, cancellationToken)
        {
            ReadReportAsync = (report, pull) => ReadAsync(report, pull, line => Report(reference, line, progress)),
        };
        try
        {
            var parameters = new ImagesCreateParameters { FromImage = image.Name, Tag = image.Tag };
            await call.RunAsync(
                (client, token) => client.Images.CreateImageAsync(parameters, authConfig: null, SilentReport.Instance, token),
                exchange).ConfigureAwait(false);
        }
        catch (ClusterException exception) when (exception.InnerException is DockerApiException refusal)
        {
            throw Failure(reference, EngineErrors.Words(refusal), EngineErrors.IsGone(exception) ? ErrorCode.NotFound : ErrorCode.Internal);
        }
        catch (ClusterException exception) when (exchange.IsLate)
        {
            throw new ClusterException(
                ErrorCode.Unreachable,
                $"The pull of the image '{reference}' stood still for {LongestSilence.TotalMinutes} minutes.",
                exception);
        }
    }

    private static async Task ReadAsync(Stream report, EngineExchange pull, Action<string> take)
    {
        using var reader = new StreamReader(report);
        while (await reader.NextLineAsync(pull.Token).ConfigureAwait(false) is { } line)
        {
            pull.Renew();
            take(line);
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
            throw EngineErrors.Unreadable("pull", "a line of the report");
        }

        if ((message?.ErrorDetail?.Message ?? message?.Error) is { Length: > 0 } error)
        {
            throw Failure(
                reference,
                AnswerReader.Printable(error),
                error.ContainsIgnoreCase("not found") || error.ContainsIgnoreCase("manifest unknown")
                    ? ErrorCode.NotFound
                    : ErrorCode.Internal);
        }

        if (progress is not null && message?.Status is { Length: > 0 } status)
        {
            progress.Report(
                AnswerReader.Printable(
                    string.Join(" ", Array.FindAll([message.Id, status, message.Progress], part => !string.IsNullOrEmpty(part)))));
        }
    }

    private static ClusterException Failure(string reference, string error, ErrorCode code) =>
        Array.Exists(NetworkWords, error.ContainsIgnoreCase)
        ? new ClusterException(
            ErrorCode.Unreachable,
            $"The image '{reference}' is not on this Docker Engine, and its registry cannot be reached: {EngineErrors.Sentence(error)}")
        : new ClusterException(code, $"The image '{reference}' cannot be pulled: {EngineErrors.Sentence(error)}");
}
