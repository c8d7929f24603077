namespace HedvigStorage.HelpWriter;

/// <summary>What is wrong with the pages, in the form that MSBuild takes for errors of the build.</summary>
internal sealed class Problems
{
    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    /// <summary>Adds what is wrong with a page.</summary>
    /// <param name="file">The page.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="message">What is wrong, and what would be right.</param>
    public void Add(string file, int line, string message) => _lines.Add($"{file}({line}): error HELP: {message}");

    public void Write(TextWriter writer)
    {
        foreach (var line in _lines)
        {
            writer.WriteLine(line);
        }
    }
}
