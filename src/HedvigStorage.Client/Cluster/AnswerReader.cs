using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Turns answers into results or errors.</summary>
internal static class AnswerReader
{
    private const int LongestMessage = 2000;
    private const int LongestId = 64;

    public static ResponseEnvelope ReadEnvelope(string type, byte[] body)
    {
        var envelope = Read(type, "the answer", () => JsonSerializer.Deserialize(body, ProtocolJson.Default.ResponseEnvelope));
        return string.IsNullOrEmpty(envelope.Status) ? throw Unreadable(type, "the member 'status' is missing") : envelope;
    }

    public static T ReadResult<T>(string type, ResponseEnvelope envelope, JsonTypeInfo<T> form)
        where T : class
    {
        var result = envelope.Result;
        return result is { } element
            ? Read(type, "result", () => element.Deserialize(form))
            : throw Unreadable(type, "the member 'result' is missing");
    }

    /// <summary>Reads the outcome of a request for one item. An item can fail inside an answer that is <c>ok</c> as a whole.</summary>
    public static ItemResult ReadItem(string type, ResponseEnvelope envelope)
    {
        var items = ReadResult(type, envelope, ProtocolJson.Default.ListItemResult);
        if (items.Count == 0 || items[0] is not { } item)
        {
            throw Unreadable(type, "the member 'result' has no item");
        }

        // One that failed speaks for all, wherever it is.
        return items.Find(other => !IsOk(other?.Status)) is { } failed ? throw Failure(type, failed, envelope) : item;
    }

    /// <summary>Refuses an answer whose first item failed; an answer without items says nothing more than its status.</summary>
    public static void CheckItem(string type, ResponseEnvelope envelope)
    {
        if (envelope.Result is { ValueKind: JsonValueKind.Array } result && result.GetArrayLength() > 0)
        {
            _ = ReadItem(type, envelope);
        }
    }

    /// <summary>Refuses an outcome that is not <c>ok</c>, of the whole answer or of a part of it.</summary>
    public static void CheckStatus(string type, string? status, string? message, ResponseEnvelope envelope)
    {
        if (!IsOk(status))
        {
            throw Failure(type, status, message, envelope.Code, envelope.RequestId);
        }
    }

    public static bool IsOk(string? status) => string.Equals(status, StatusWords.Ok, StringComparison.OrdinalIgnoreCase);

    public static bool IsSessionFailure(string? status) => status?.ContainsIgnoreCase(StatusWords.SessionFailure) == true;

    public static ClusterException Failure(string type, ResponseEnvelope envelope) =>
        Failure(type, envelope.Status, envelope.Message, envelope.Code, envelope.RequestId);

    public static ClusterException Failure(string type, ItemResult item, ResponseEnvelope envelope) =>
        Failure(type, item.Status, item.Message, item.Code ?? envelope.Code, envelope.RequestId);

    public static ErrorCode? ReadCode(string? code) => AttributeTable.TryParseWord<ErrorCode>(code, out var value) ? value : null;

    public static ClusterException Unreadable(string type, string what) =>
        new(ErrorCode.Protocol, $"The cluster's answer to {type} is not what the protocol says: {what}.");

    /// <summary>Reads the items of a listing, none of which may be missing.</summary>
    public static TModel[] Each<TMessage, TModel>(
        string type, string member, IReadOnlyList<TMessage>? messages, Func<TMessage, TModel> map) =>
        Required(type, member, messages).Select(message => map(Required(type, member, message))).ToArray();

    public static T Required<T>(string type, string member, T? value) =>
        value ?? throw Unreadable(type, $"the member 'result{(member[0] == '[' ? string.Empty : ".")}{member}' is missing");

    /// <summary>Makes a server's text fit for one line of an error.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder();
        foreach (var character in text.Trim())
        {
            _ = printable.Append(char.IsControl(character) ? ' ' : character);
            if (printable.Length == LongestMessage)
            {
                return printable.Append('…').ToString();
            }
        }

        return printable.ToString();
    }

    private static ClusterException Failure(string type, string? status, string? message, string? code, string? id)
    {
        var text = string.IsNullOrWhiteSpace(message)
            ? $"The cluster answered '{Printable(status ?? string.Empty)}' to {type} without saying why."
            : Printable(message!);
        var kind = ReadCode(code) ?? (string.IsNullOrWhiteSpace(message) ? ErrorCode.Internal : Guess(message!));

        // Where the cluster's own log has to be read, its name there helps; elsewhere it would only be in the way.
        return new ClusterException(
            kind, kind == ErrorCode.Internal && id is { Length: > 0 and <= LongestId } ? $"{text} (request {Printable(id)})" : text);
    }

    // A real Hedvig sends no code: what its clients know of its messages is all there is to go by.
    private static ErrorCode Guess(string message)
    {
        foreach (var (part, code) in MessageParts)
        {
            if (message.ContainsIgnoreCase(part))
            {
                return code;
            }
        }

        return ErrorCode.Internal;
    }

    private static readonly IReadOnlyList<(string Part, ErrorCode Code)> MessageParts =
    [
        ("t be found", ErrorCode.NotFound),
        ("not found", ErrorCode.NotFound),
        ("does not exist", ErrorCode.NotFound),
        ("already exists", ErrorCode.Conflict),
        ("Run setkmsinfo command", ErrorCode.Refused),
        ("in use", ErrorCode.Busy),
        ("no space", ErrorCode.NoSpace),
        ("insufficient", ErrorCode.NoSpace),
        ("not implemented", ErrorCode.Unsupported),
        ("not supported", ErrorCode.Unsupported),
        ("permission", ErrorCode.Unauthorized),
        ("not authorized", ErrorCode.Unauthorized),
        ("invalid", ErrorCode.InvalidArgument),
    ];

    private static T Read<T>(string type, string where, Func<T?> read)
        where T : class
    {
        try
        {
            return read() ?? throw Unreadable(type, $"{where} is null");
        }
        catch (JsonException exception)
        {
            // The path names the member; the exception's own message is not used, since it may quote the value.
            throw Unreadable(
                type,
                exception.Path is { Length: > 1 } path
                    ? $"the member '{path.TrimStart('$', '.')}' of {where} has the wrong form"
                    : $"{where} is not JSON of the right form");
        }
    }
}
