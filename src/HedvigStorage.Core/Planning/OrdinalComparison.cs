namespace HedvigStorage.Planning;

/// <summary>
/// Compares names, ids and other texts of an engine as they are: each character counts, and nothing is the same only as nothing.
/// </summary>
internal static class OrdinalComparison
{
    public static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    /// <summary>Compares lists, of which none is as good as an empty one.</summary>
    public static bool SameList(IReadOnlyList<string>? left, IReadOnlyList<string>? right) =>
        (left ?? []).SequenceEqual(right ?? [], StringComparer.Ordinal);

    /// <summary>Compares what has no order.</summary>
    public static bool SameSet(IEnumerable<string> left, IEnumerable<string> right) =>
        new HashSet<string>(left, StringComparer.Ordinal).SetEquals(right);
}
