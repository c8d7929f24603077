namespace HedvigStorage.Cli.Output;

/// <summary>Columns of text, as wide as their longest value.</summary>
internal static class TextTable
{
    /// <summary>Writes a line for the headings, and one for each row.</summary>
    public static IEnumerable<string> Lines(string[] headings, IReadOnlyCollection<string[]> rows)
    {
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        return rows.Prepend(headings)
            .Select(row => string.Join("  ", row.Select((value, column) => value.PadRight(widths[column]))).TrimEnd());
    }
}
