namespace HedvigStorage.HelpWriter.Pages;

/// <summary>A topic that is about more than one cmdlet.</summary>
internal sealed record AboutTopic(string Name, string Summary, IReadOnlyList<AboutSection> Sections)
{
    public static IReadOnlyList<AboutTopic> ReadAll(string folder, Problems problems) =>
        [.. Directory.GetFiles(folder, "about_*.md").Order(StringComparer.Ordinal).Select(file => Read(file, problems))];

    private static AboutTopic Read(string file, Problems problems)
    {
        var page = MarkdownSection.Read(file);
        var name = Path.GetFileNameWithoutExtension(file);
        if (!string.Equals(page.Title, name, StringComparison.Ordinal))
        {
            problems.Add(file, page.Line, $"The page has one heading of the first level, '# {name}'.");
        }

        if (MarkdownText.Paragraphs(page.Blocks, file, problems).ToArray() is not [var summary])
        {
            problems.Add(file, page.Line, "One paragraph stands before the first section: what the topic is about, in a sentence.");
            summary = string.Empty;
        }

        return new AboutTopic(
            name,
            summary,
            [.. page.Sections.Select(
                section => new AboutSection(section.Title, [.. MarkdownText.Paragraphs(section.Blocks, file, problems)]))]);
    }
}

/// <summary>A section of a topic.</summary>
internal sealed record AboutSection(string Title, IReadOnlyList<string> Text);
