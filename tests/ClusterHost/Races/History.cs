using System.Collections.Immutable;

namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>
/// What several clients asked and were answered, in the order in which it happened, and whether the cluster can have done it: whether there
/// is an order of the operations, each at one moment between its question and its answer, in which every answer is right and what is there
/// at last is there. An operation without an answer has happened at any moment after its question, or never.
/// </summary>
internal sealed class History(ClusterModel begin)
{
    private readonly Lock _gate = new();
    private readonly List<(Operation Operation, bool Asked)> _events = [];

    public int Count => _events.Count;

    public void Ask(Operation operation)
    {
        lock (_gate)
        {
            _events.Add((operation, true));
        }
    }

    public void Answer(Operation operation, Answer answer)
    {
        lock (_gate)
        {
            operation.Answer = answer;
            _events.Add((operation, false));
        }
    }

    /// <summary>Looks for such an order.</summary>
    /// <param name="end">What is there when all is over.</param>
    /// <returns>Null if there is one, else what shows that there is none.</returns>
    public string? FindContradiction(ClusterModel end)
    {
        HashSet<Possibility> possibilities = [new Possibility(begin, [])];
        List<Operation> open = [];
        for (var index = 0; index < _events.Count; index++)
        {
            var (operation, asked) = _events[index];
            if (asked)
            {
                open.Add(operation);
                continue;
            }

            var before = possibilities;
            possibilities = [.. Reach(before, open, possibility => possibility.Done.Contains(operation.Number))
                .Where(possibility => possibility.Done.Contains(operation.Number))
                .Select(possibility => possibility with { Done = possibility.Done.Remove(operation.Number) })];
            _ = open.Remove(operation);
            if (possibilities.Count == 0)
            {
                return Tell($"The answer to {operation} cannot be.", index, before, open);
            }
        }

        return Reach(possibilities, open, _ => false).Any(possibility => possibility.State.CanBe(end))
            ? null
            : Tell($"What is there at last cannot be: {end}.", _events.Count - 1, possibilities, open);
    }

    // All that can have come of it by doing open operations in any order. One that is far enough goes no further.
    private static HashSet<Possibility> Reach(HashSet<Possibility> from, List<Operation> open, Func<Possibility, bool> isFarEnough)
    {
        HashSet<Possibility> reached = [.. from];
        var waiting = new Queue<Possibility>(from);
        while (waiting.TryDequeue(out var possibility))
        {
            foreach (var operation in isFarEnough(possibility) ? [] : open.Where(operation => !possibility.Done.Contains(operation.Number)))
            {
                if (possibility.State.Apply(operation) is { } after
                    && new Possibility(after, possibility.Done.Add(operation.Number)) is var next && reached.Add(next))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return reached;
    }

    private string Tell(string what, int index, HashSet<Possibility> possibilities, List<Operation> open) => string.Join('\n', [
        what,
        "What can have been there just before:",
        .. possibilities.Take(8).Select(possibility => $"  {possibility.State}, done {string.Join(' ', possibility.Done)}"),
        "Not answered then:",
        .. open.Select(operation => $"  {operation}"),
        "What had happened last:",
        .. _events.Take(index + 1).TakeLast(40).Select(happened => $"  {(happened.Asked ? "asked   " : "answered")} {happened.Operation}"),
    ]);

    /// <summary>What can be there, and which open operations it holds already.</summary>
    private sealed record Possibility(ClusterModel State, ImmutableSortedSet<int> Done)
    {
        public bool Equals(Possibility? other) => other is not null && Done.SetEquals(other.Done) && State.Equals(other.State);

        public override int GetHashCode() => HashCode.Combine(State, Done.Count);
    }
}
