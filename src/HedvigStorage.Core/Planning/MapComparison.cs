namespace HedvigStorage.Planning;

/// <summary>Compares names and values, such as labels: all that are there with all that are desired.</summary>
internal static class MapComparison
{
    public static IEnumerable<PropertyChange> Compare(
        string property, IReadOnlyDictionary<string, string>? desired, IReadOnlyDictionary<string, string> actual) => desired is null
        ? []
        : desired.Keys.Union(actual.Keys, StringComparer.Ordinal)
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => new PropertyChange($"{property}.{name}", Value(actual, name), Value(desired, name)))
            .Where(change => !string.Equals(change.Before, change.After, StringComparison.Ordinal));

    private static string? Value(IReadOnlyDictionary<string, string> map, string name) =>
        map.TryGetValue(name, out var value) ? value : null;
}
