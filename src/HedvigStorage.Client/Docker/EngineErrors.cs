using System.Net;
using System.Text.Json;
using Docker.DotNet;
using HedvigStorage.Client.Cluster;

namespace HedvigStorage.Client.Docker;

/// <summary>What a Docker Engine, the way to it or the library says is wrong, in the product's words.</summary>
internal static class EngineErrors
{
    private const int LongestText = 500;

    /// <summary>An answer lacks what its API says, or has it in another form.</summary>
    public static ClusterException Unreadable(string what, string member) =>
        new(
            ErrorCode.Protocol,
            $"The Docker Engine's answer about a {what} is not what its API says: '{member}' is missing or has the wrong form.");

    /// <summary>An answer has a member in another form than its API says.</summary>
    public static ClusterException Unreadable(string what, JsonException exception) =>
        Unreadable(what, exception.Path?.TrimStart('$', '.') is { Length: > 0 } member ? member : "the answer");

    /// <summary>An answer whose status is an error.</summary>
    /// <param name="exception">The status and the engine's words.</param>
    /// <param name="conflict">What status 409 means.</param>
    public static ClusterException Refusal(DockerApiException exception, ErrorCode conflict) => new(
        (int)exception.StatusCode switch
        {
            400 => ErrorCode.InvalidArgument,
            401 => ErrorCode.Unauthorized,
            403 => ErrorCode.Refused,
            404 => ErrorCode.NotFound,
            409 => conflict,
            501 => ErrorCode.Unsupported,
            _ => ErrorCode.Internal,
        },
        "Docker: " + Sentence(Words(exception)),
        exception);

    /// <summary>Tells the status of the answer that an error comes from; <see langword="null"/> if it comes from none.</summary>
    public static HttpStatusCode? StatusOf(ClusterException exception) => (exception.InnerException as DockerApiException)?.StatusCode;

    /// <summary>Tells whether an engine has said that what was asked for is not there.</summary>
    public static bool IsGone(ClusterException exception) => StatusOf(exception) == HttpStatusCode.NotFound;

    /// <summary>Finds the engine's own words in an answer whose status is an error.</summary>
    public static string Words(DockerApiException exception)
    {
        var body = exception.ResponseBody ?? string.Empty;
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

        var text = AnswerReader.Printable(body.Substring(0, Math.Min(body.Length, LongestText)));
        return text.Length > 0 ? text : "HTTP status " + ((int)exception.StatusCode).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Says why a connection to the engine failed.</summary>
    public static ClusterException Unreachable(Uri address, Exception exception)
    {
        // A missing path is told in words about network addresses, which mislead.
        var reason = string.Equals(address.Scheme, "unix", StringComparison.Ordinal) && !File.Exists(address.LocalPath)
            ? "there is no such socket"
            : TransportFailure.Describe(exception);
        var hint = string.Equals(reason, "permission denied", StringComparison.Ordinal)
            ? ". Run as root or as a member of the group that owns the socket"
            : string.Empty;
        return new ClusterException(ErrorCode.Unreachable, $"No Docker Engine answers at {address}: {reason}{hint}.", exception);
    }

    /// <summary>Ends a text with a full stop.</summary>
    public static string Sentence(string text) => text.TrimEnd('.', ' ') + ".";
}
