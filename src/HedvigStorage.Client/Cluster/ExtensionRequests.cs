using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Sends requests of the extension, and says so in one clear error where the cluster does not know it.</summary>
internal sealed class ExtensionRequests(HedvigSession session)
{
    private ClusterCapabilities? _capabilities;

    public async Task<ClusterCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken)
    {
        if (_capabilities is { } known)
        {
            return known;
        }

        var request = HedvigRequest.Extension(RequestTypes.Capabilities);
        var answer = await session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (AnswerReader.IsOk(answer.Status))
        {
            return _capabilities = AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.CapabilitiesResult).ToModel();
        }

        // Only a cluster host sends codes: one that fails for another reason than not knowing the request has the extension nevertheless.
        return AnswerReader.ReadCode(answer.Code) is null or ErrorCode.Unsupported
            ? _capabilities = PlainHedvig.Capabilities
            : throw AnswerReader.Failure(request.Type, answer);
    }

    public async Task<bool> IsKnownAsync(CancellationToken cancellationToken) =>
        (await GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false)).Extension;

    public async Task NeedAsync(string doing, CancellationToken cancellationToken)
    {
        if (!await IsKnownAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"{doing} needs the HedvigStorage extension of the protocol, which the cluster at {session.Address} does not know. "
                    + "Only a cluster host answers it.");
        }
    }

    public async Task<T> AskAsync<T>(
        string doing, string type, JsonTypeInfo<T> form, CancellationToken cancellationToken, Action<Utf8JsonWriter>? write = null)
        where T : class
    {
        await NeedAsync(doing, cancellationToken).ConfigureAwait(false);
        var answer = await session.SendAsync(HedvigRequest.Extension(type, write), cancellationToken).ConfigureAwait(false);
        return AnswerReader.ReadResult(type, answer, form);
    }

    public async Task TellAsync(string doing, string type, CancellationToken cancellationToken, Action<Utf8JsonWriter>? write = null)
    {
        await NeedAsync(doing, cancellationToken).ConfigureAwait(false);
        _ = await session.SendAsync(HedvigRequest.Extension(type, write), cancellationToken).ConfigureAwait(false);
    }
}
