using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter.Output;

/// <summary>Writes a topic as the text that <c>Get-Help</c> shows, in lines of at most 80 characters.</summary>
internal static class AboutWriter
{
    private const int Width = 80;
    private const string Margin = "    ";

    public static string Write(AboutTopic topic)
    {
        // Get-Help takes the fifth line for the synopsis, so that is one line whatever its length.
        var text = new StringBuilder().Append("TOPIC\n").Append(Margin).Append(topic.Name).Append("\n\nSHORT DESCRIPTION\n").Append(Margin)
            .Append(topic.Summary).Append('\n');
        foreach (var section in topic.Sections)
        {
            _ = text.Append('\n').Append(section.Title.ToUpperInvariant()).Append('\n');
            for (var index = 0; index < section.Text.Count; index++)
            {
                // Items of one list stand together.
                if (index > 0 && !(IsItem(section.Text[index]) && IsItem(section.Text[index - 1])))
                {
                    _ = text.Append('\n');
                }

                Append(text, section.Text[index]);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string paragraph)
    {
        if (paragraph.StartsWith(Margin, StringComparison.Ordinal))
        {
            foreach (var line in paragraph.Split('\n'))
            {
                _ = text.Append((Margin + line).TrimEnd()).Append('\n');
            }

            return;
        }

        var indent = Margin + (IsItem(paragraph) ? "  " : string.Empty);
        var column = 0;
        foreach (var word in paragraph.Split(' ').Where(word => word.Length > 0))
        {
            if (column == 0)
            {
                _ = text.Append(Margin).Append(word);
                column = Margin.Length + word.Length;
            }
            else if (column + 1 + word.Length > Width)
            {
                _ = text.Append('\n').Append(indent).Append(word);
                column = indent.Length + word.Length;
            }
            else
            {
                _ = text.Append(' ').Append(word);
                column += 1 + word.Length;
            }
        }

        _ = text.Append('\n');
    }

    private static bool IsItem(string paragraph) =>
        paragraph.StartsWith("- ", StringComparison.Ordinal)
            || (paragraph.Length > 2 && char.IsAsciiDigit(paragraph[0]) && paragraph.AsSpan(1).StartsWith(". "));
}
