using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;

namespace HedvigStorage.Client.Tests;

/// <summary>An engine that answers as a test says.</summary>
/// <param name="answer">Tells the answer to a path with its query; <see langword="null"/> is none, ever.</param>
/// <param name="newest">The newest version of the API that it speaks.</param>
/// <param name="oldest">The oldest.</param>
internal sealed class ScriptedEngine(Func<string, string?> answer, string newest = "1.45", string oldest = "1.24") : HttpMessageHandler
{
    /// <summary>Makes an engine that has one answer.</summary>
    public ScriptedEngine(string answer, string newest = "1.45", string oldest = "1.24")
        : this(_ => answer, newest, oldest)
    {
    }

    /// <summary>Gets what it was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Gets the last body that was sent to each path.</summary>
    public ConcurrentDictionary<string, string> Sent { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the status of all answers but that about the version.</summary>
    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        Asked.Add(path);
        if (request.Content is { } content)
        {
            Sent[path] = await content.ReadAsStringAsync(cancellationToken);
        }

        if (path is "/version")
        {
            var version = $$"""{ "Version": "x", "ApiVersion": "{{newest}}", "MinAPIVersion": "{{oldest}}", "Os": "linux" }""";
            return Answer(request, HttpStatusCode.OK, version);
        }

        if (answer(path) is { } text)
        {
            return Answer(request, Status, text);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("Nobody waits for ever.");
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status, string text) =>
        new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json"), RequestMessage = request };
}
