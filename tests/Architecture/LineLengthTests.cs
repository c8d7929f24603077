namespace HedvigStorage.Architecture;

/// <summary>Lines of the product keep to the width that .editorconfig declares.</summary>
public sealed class LineLengthTests
{
    private const int Width = 140;

    [Fact]
    public void The_width_is_the_one_that_editors_show() =>
        Assert.Contains("max_line_length = 140", File.ReadLines(Path.Combine(Repository.Root, ".editorconfig")));

    [Fact]
    public void No_line_of_code_is_wider()
    {
        string[] wide = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => WideLines(File.ReadAllLines(file)).Select(number => $"{Path.GetRelativePath(Repository.Root, file)}:{number}"))];
        Assert.True(wide.Length == 0, string.Join('\n', wide));
    }

    [Fact]
    public void Text_of_another_language_may_be()
    {
        var wide = new string('x', Width + 1);

        Assert.Equal(["1"], WideLines([wide]));
        Assert.Empty(WideLines(["var text = \"\"\"", wide, "\"\"\";"]));
        Assert.Equal(["4"], WideLines(["var text = \"\"\"", wide, "\"\"\";", wide]));
    }

    private static IEnumerable<string> WideLines(string[] lines)
    {
        var inText = false;
        for (var index = 0; index < lines.Length; index++)
        {
            var line = lines[index];
            var quotes = line.Split("\"\"\"").Length - 1;
            var excepted = inText || quotes > 0;
            inText ^= quotes % 2 == 1;
            if (line.Length > Width && !excepted)
            {
                yield return (index + 1).ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
