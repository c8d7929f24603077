using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace HedvigStorage.Conformance.Torture;

/// <summary>Counts what was done, and the kinds of failures with their texts.</summary>
internal sealed partial class Tally
{
    private readonly ConcurrentDictionary<string, int> _done = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _failed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TimeSpan> _longest = new(StringComparer.Ordinal);

    public int Done => _done.Values.Sum();

    public int Failed => _failed.Values.Sum();

    public void CountDone(string what, TimeSpan took)
    {
        _ = _done.AddOrUpdate(what, 1, (_, count) => count + 1);
        _ = _longest.AddOrUpdate(what, took, (_, longest) => took > longest ? took : longest);
    }

    public void CountFailed(string what, string error) =>
        _failed.AddOrUpdate($"{what}: {Names().Replace(error.ReplaceLineEndings(" "), "#")}", 1, (_, count) => count + 1);

    /// <summary>Shows the counts, the failures by kind.</summary>
    public IEnumerable<string> Lines() => _done.OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(
            pair =>
                string.Create(
                    CultureInfo.InvariantCulture, $"{pair.Value,6} × {pair.Key}, the longest {_longest[pair.Key].TotalSeconds:0.0} s"))
        .Concat(
            _failed.OrderByDescending(pair => pair.Value)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value,6} × failed and tried again: {pair.Key}")));

    // Numbers, ids, times and the names of volumes and containers.
    [GeneratedRegex(@"t\d+-\w+|[0-9a-f]{12,}|hvt[0-9a-f]+|\d[\d:.TZ-]*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();
}
