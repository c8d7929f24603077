namespace HedvigStorage.HelpWriter.Pages;

/// <summary>All pages about cmdlets, and the parameters that mean the same everywhere.</summary>
internal sealed class PageLibrary
{
    private const string CommonFile = "common-parameters.md";

    private readonly Dictionary<string, PageEntry> _common;

    private PageLibrary(string folder, IReadOnlyList<CmdletPage> pages, IEnumerable<PageEntry> common)
    {
        Folder = folder;
        Pages = pages;
        _common = common.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    public string Folder { get; }

    public IReadOnlyList<CmdletPage> Pages { get; }

    public static PageLibrary Read(string folder, Problems problems)
    {
        var files = Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal)
            .ToLookup(file => string.Equals(Path.GetFileName(file), CommonFile, StringComparison.Ordinal));
        return new PageLibrary(
            folder,
            [.. files[false].Select(file => PageReader.Read(file, problems))],
            files[true].SelectMany(file => PageReader.ReadEntries(file, problems)));
    }

    public CmdletPage? Find(string cmdlet) => Pages.FirstOrDefault(page => string.Equals(page.Name, cmdlet, StringComparison.Ordinal));

    /// <summary>Finds the text about a parameter: the page's own, else that which all share.</summary>
    public PageEntry? FindParameter(CmdletPage page, string name) => page.FindParameter(name) ?? _common.GetValueOrDefault("-" + name);
}
