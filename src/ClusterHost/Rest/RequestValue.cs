using System.Collections.ObjectModel;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>What kind of value a <see cref="RequestValue"/> is.</summary>
internal enum RequestValueKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}

/// <summary>A value of a request, as the lenient parser reads it.</summary>
internal sealed class RequestValue
{
    private RequestValue(RequestValueKind kind, string text)
    {
        Kind = kind;
        Text = text;
    }

    public static RequestValue Null { get; } = new(RequestValueKind.Null, "null");

    public static RequestValue True { get; } = new(RequestValueKind.Boolean, "true");

    public static RequestValue False { get; } = new(RequestValueKind.Boolean, "false");

    public RequestValueKind Kind { get; }

    /// <summary>Gets the text of a string, number or word; for a list or object its kind in words.</summary>
    public string Text { get; }

    public IReadOnlyList<RequestValue> Items { get; private init; } = [];

    public IReadOnlyDictionary<string, RequestValue> Members { get; private init; } = ReadOnlyDictionary<string, RequestValue>.Empty;

    public static RequestValue FromText(string text) => new(RequestValueKind.Text, text);

    public static RequestValue FromNumber(string text) => new(RequestValueKind.Number, text);

    public static RequestValue FromItems(IReadOnlyList<RequestValue> items) => new(RequestValueKind.List, "a list") { Items = items };

    public static RequestValue FromMembers(IReadOnlyDictionary<string, RequestValue> members) =>
        new(RequestValueKind.Object, "an object") { Members = members };
}
