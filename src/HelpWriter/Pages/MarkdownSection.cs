using Markdig;
using Markdig.Syntax;

namespace HedvigStorage.HelpWriter.Pages;

/// <summary>A heading of a page, what stands below it, and the headings of the next level.</summary>
internal sealed record MarkdownSection(string Title, int Line, IReadOnlyList<Block> Blocks, IReadOnlyList<MarkdownSection> Sections)
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePreciseSourceLocation().Build();

    /// <summary>Reads a page: one heading of the first level, and all else below it.</summary>
    public static MarkdownSection Read(string file)
    {
        var blocks = Markdown.Parse(File.ReadAllText(file), Pipeline).Where(block => block is not LinkReferenceDefinitionGroup).ToArray();
        var sections = Split(blocks, 1, out _);
        return sections.Count == 1 ? sections[0] : new MarkdownSection(string.Empty, 1, blocks, []);
    }

    public MarkdownSection? Find(string title) =>
        Sections.FirstOrDefault(section => string.Equals(section.Title, title, StringComparison.Ordinal));

    private static List<MarkdownSection> Split(Block[] blocks, int level, out IReadOnlyList<Block> before)
    {
        var sections = new List<MarkdownSection>();
        var starts = Enumerable.Range(0, blocks.Length).Where(index => blocks[index] is HeadingBlock heading && heading.Level == level)
            .ToArray();
        before = [.. blocks.Take(starts.Length == 0 ? blocks.Length : starts[0])];
        for (var index = 0; index < starts.Length; index++)
        {
            var heading = (HeadingBlock)blocks[starts[index]];
            var end = index + 1 < starts.Length ? starts[index + 1] : blocks.Length;
            var inner = Split([.. blocks.Skip(starts[index] + 1).Take(end - starts[index] - 1)], level + 1, out var own);
            sections.Add(new MarkdownSection(MarkdownText.Inline(heading.Inline), heading.Line + 1, own, inner));
        }

        return sections;
    }
}
