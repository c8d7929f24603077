using System.Text.Json.Serialization.Metadata;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>What a handler answers, before it is put into the envelope.</summary>
internal sealed record Answer
{
    public static Answer Done { get; } = new();

    public string Status { get; init; } = StatusWords.Ok;

    public string? Message { get; init; }

    public ErrorCode? Code { get; init; }

    public object? Result { get; init; }

    public JsonTypeInfo? ResultType { get; init; }

    public static Answer Of<T>(T result, JsonTypeInfo<T> type)
        where T : class => new() { Result = result, ResultType = type };

    /// <summary>The outcome of several items: <c>ok</c> if all are, else the first that is not speaks for all.</summary>
    public static Answer OfItems(List<ItemResult> items, ErrorCode? code)
    {
        var worst = items.Find(item => item.Status != StatusWords.Ok);
        return Of(items, ProtocolJson.Default.ListItemResult) with
        {
            Status = worst?.Status ?? StatusWords.Ok,
            Message = worst?.Message,
            Code = code,
        };
    }

    public static Answer Failed(ClusterException error) =>
        new() { Status = StatusOf(error.Code), Message = error.Message, Code = error.Code };

    /// <summary>
    /// "Not there" is a warning, which Hedvig's clients take as such by the message's end; a failure they would ask five times.
    /// </summary>
    public static string StatusOf(ErrorCode code) => code == ErrorCode.NotFound ? StatusWords.Warning : StatusWords.Failure;
}
