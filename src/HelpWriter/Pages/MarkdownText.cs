using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HedvigStorage.HelpWriter.Pages;

/// <summary>Writes Markdown as plain text, in paragraphs whose lines are not broken.</summary>
internal static class MarkdownText
{
    /// <summary>Writes blocks as paragraphs; items of a list, and lines of code, are paragraphs of their own.</summary>
    public static IEnumerable<string> Paragraphs(
        IEnumerable<Block> blocks, string file, Problems problems) => blocks.SelectMany(block => block switch
    {
        ParagraphBlock paragraph => [Inline(paragraph.Inline)],
        CodeBlock code => [Indent(Code(code))],
        ListBlock list => list.Cast<ListItemBlock>().Select((item, index) => Item(list, item, index, file, problems)),
        _ => Refuse(block, file, problems),
    });

    public static string Code(LeafBlock block) => block.Lines.ToString().Replace("\r", string.Empty, StringComparison.Ordinal).TrimEnd();

    public static string Inline(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        Append(text, inlines);
        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, ContainerInline? inlines)
    {
        foreach (var inline in inlines ?? Enumerable.Empty<Inline>())
        {
            switch (inline)
            {
                case LiteralInline literal: _ = text.Append(literal.Content.ToString()); break;
                case CodeInline code: _ = text.Append(code.Content); break;
                case LineBreakInline: _ = text.Append(' '); break;
                case HtmlEntityInline entity: _ = text.Append(entity.Transcoded.ToString()); break;
                case AutolinkInline link: _ = text.Append(link.Url); break;
                case ContainerInline container: Append(text, container); break;
            }
        }
    }

    private static string Item(ListBlock list, ListItemBlock item, int index, string file, Problems problems)
    {
        var mark = list.IsOrdered ? (index + 1).ToString(CultureInfo.InvariantCulture) + ". " : "- ";
        return mark + string.Join(' ', Paragraphs(item, file, problems));
    }

    private static string Indent(string code) => string.Join('\n', code.Split('\n').Select(line => "    " + line));

    private static string[] Refuse(Block block, string file, Problems problems)
    {
        problems.Add(file, block.Line + 1, $"A {block.GetType().Name} cannot be shown in a session. Write paragraphs, lists and code.");
        return [];
    }
}
