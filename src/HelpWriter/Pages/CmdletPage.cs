namespace HedvigStorage.HelpWriter.Pages;

/// <summary>A page of Markdown about a cmdlet, its text as people read it in a session.</summary>
internal sealed record CmdletPage(
    string File,
    string Name,
    IReadOnlyList<string> Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<PageExample> Examples,
    IReadOnlyList<PageEntry> Parameters,
    IReadOnlyList<PageEntry> Inputs,
    IReadOnlyList<PageEntry> Outputs,
    IReadOnlyList<PageLink> Links)
{
    public PageEntry? FindParameter(string name) =>
        Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, "-" + name, StringComparison.Ordinal));
}

/// <summary>A heading and the paragraphs below it.</summary>
internal sealed record PageEntry(string Name, IReadOnlyList<string> Text, int Line);

/// <summary>An example.</summary>
internal sealed record PageExample(string Title, string Code, IReadOnlyList<string> Remarks, int Line);

/// <summary>A link to another page, or to somewhere else.</summary>
internal sealed record PageLink(string Text, string Target, int Line);
