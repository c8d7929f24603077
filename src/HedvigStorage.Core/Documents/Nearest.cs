namespace HedvigStorage.Documents;

/// <summary>Finds the word that was probably meant.</summary>
public static class Nearest
{
    /// <summary>Finds the candidate that is fewest edits away, if it is near enough to be meant.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="candidates">The known words.</param>
    /// <returns>The candidate, or <see langword="null"/>.</returns>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        string? best = null;
        var bestDistance = Math.Max(2, word.Length / 2) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Makes the end of a message: what was probably meant, or what there is.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="candidates">The known words.</param>
    public static string Hint(string word, IReadOnlyCollection<string> candidates) => Find(word, candidates) is { } nearest
        ? $"Did you mean '{nearest}'?"
        : $"Known are: {string.Join(", ", candidates)}.";

    // Optimal string alignment: a swap of neighbours is one edit, for that is how people mistype.
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[left.Length, right.Length];
    }
}
