using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HedvigStorage.HelpWriter.Pages;

/// <summary>Reads a page about a cmdlet, and tells what it lacks of the form that all have.</summary>
internal sealed class PageReader
{
    private static readonly string[] Titles = ["Description", "Examples", "Parameters", "Inputs", "Outputs", "Related links"];

    private readonly string _file;
    private readonly Problems _problems;

    private PageReader(string file, Problems problems)
    {
        _file = file;
        _problems = problems;
    }

    public static CmdletPage Read(string file, Problems problems) => new PageReader(file, problems).Read();

    /// <summary>Reads the parameters that mean the same everywhere.</summary>
    public static IReadOnlyList<PageEntry> ReadEntries(string file, Problems problems) =>
        new PageReader(file, problems).Entries(MarkdownSection.Read(file).Sections.SelectMany(section => section.Sections));

    private CmdletPage Read()
    {
        var page = MarkdownSection.Read(_file);
        if (!string.Equals(page.Title, Path.GetFileNameWithoutExtension(_file), StringComparison.Ordinal))
        {
            _problems.Add(_file, page.Line, $"The page has one heading of the first level, '# {Path.GetFileNameWithoutExtension(_file)}'.");
        }

        foreach (var section in page.Sections.Where(section => !Titles.Contains(section.Title, StringComparer.Ordinal)))
        {
            _problems.Add(_file, section.Line, $"'{section.Title}' is not a section of a page. They are {string.Join(", ", Titles)}.");
        }

        foreach (var missing in Titles.Where(title => page.Find(title) is null))
        {
            _problems.Add(_file, page.Line, $"The section '{missing}' is missing.");
        }

        return new CmdletPage(
            _file,
            page.Title,
            Text(page, "The synopsis"),
            page.Find("Description") is { } description ? Text(description, "The description") : [],
            [.. page.Find("Examples")?.Sections.Select(Example) ?? []],
            Entries(page.Find("Parameters")?.Sections ?? []),
            Entries(page.Find("Inputs")?.Sections ?? []),
            Entries(page.Find("Outputs")?.Sections ?? []),
            [.. page.Find("Related links")?.Blocks.SelectMany(block => block.Descendants<LinkInline>()).Select(Link) ?? []]);
    }

    private IReadOnlyList<PageEntry> Entries(IEnumerable<MarkdownSection> sections) =>
        [.. sections.Select(section => new PageEntry(
            section.Title,
            string.Equals(section.Title, "None", StringComparison.Ordinal) && section.Blocks.Count == 0
                ? []
                : Text(section, $"'{section.Title}'"),
            section.Line))];

    private PageExample Example(MarkdownSection section)
    {
        if (section.Blocks.OfType<FencedCodeBlock>().Where(IsPowerShell).ToArray() is not [var code])
        {
            _problems.Add(_file, section.Line, $"The example '{section.Title}' has one block of code, which begins with ```powershell.");
            return new PageExample(section.Title, string.Empty, [], section.Line);
        }

        return new PageExample(
            section.Title,
            MarkdownText.Code(code),
            [.. MarkdownText.Paragraphs(section.Blocks.Where(block => block != code), _file, _problems)],
            section.Line);
    }

    private string[] Text(MarkdownSection section, string what)
    {
        string[] text = [.. MarkdownText.Paragraphs(section.Blocks, _file, _problems)];
        if (text.Length == 0)
        {
            _problems.Add(_file, section.Line, $"{what} has no text.");
        }

        return text;
    }

    private static bool IsPowerShell(FencedCodeBlock code) => string.Equals(code.Info, "powershell", StringComparison.Ordinal);

    private static PageLink Link(LinkInline link) => new(MarkdownText.Inline(link), link.Url ?? string.Empty, link.Line + 1);
}
