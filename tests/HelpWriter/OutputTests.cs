using System.Xml.Linq;
using HedvigStorage.HelpWriter.Output;
using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter.Tests;

public sealed class OutputTests : IDisposable
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly PageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_has_what_the_page_says_and_what_the_cmdlet_declares()
    {
        var help = XDocument.Parse(Write(Samples.Page)).Root!.Element(Command + "command")!;
        var parameter = help.Element(Command + "parameters")!.Elements().Single();

        Assert.Equal("Get-HvThing", help.Element(Command + "details")!.Element(Command + "name")!.Value);
        Assert.Equal("Gets all things of a cluster.", help.Element(Maml + "description")!.Value);
        Assert.Equal(
            ("0", "true", "True (ByValue)"),
            (parameter.Attribute("position")!.Value, parameter.Attribute("globbing")!.Value, parameter.Attribute("pipelineInput")!.Value));
        Assert.Equal("all", parameter.Element(Dev + "defaultValue")!.Value);
        Assert.Equal(
            "----- Example 2: One thing -----", help.Element(Command + "examples")!.Elements().Last().Element(Maml + "title")!.Value);
        Assert.Equal("https://example.com/", help.Element(Command + "relatedLinks")!.Elements().First().Element(Maml + "uri")!.Value);
    }

    [Fact]
    public void Text_that_means_something_in_XML_is_shown_as_it_is() =>
        Assert.Contains(
            "a < b & c",
            XDocument.Parse(Write(Samples.Page.Replace("Lists them.", "a < b & c", StringComparison.Ordinal))).Root!.Value,
            StringComparison.Ordinal);

    [Fact]
    public void A_topic_has_its_synopsis_in_the_fifth_line_and_no_line_of_its_sections_is_wider_than_a_console()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 60));
        var lines =
            AboutWriter.Write(new AboutTopic(
                "about_HvThings",
                "What things are.",
                [new AboutSection("Kinds", [words, "- " + words, "- short", "    code"])])).Split('\n');

        Assert.Equal("    What things are.", lines[4]);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Equal(["    - short"], lines.Where(line => line.Contains("short", StringComparison.Ordinal)));
        Assert.Contains("        code", lines);
        Assert.True(
            lines.Count(line => line.StartsWith("      word", StringComparison.Ordinal)) > 1,
            "What follows the first line of an item is indented.");
    }

    private string Write(string page)
    {
        var problems = new Problems();
        _ = _folder.Add("Get-HvThing.md", page);
        var library = PageLibrary.Read(_folder.Path, problems);
        Assert.Equal(0, problems.Count);
        return MamlWriter.Write([Samples.Cmdlet], library, new RelatedLinks([Samples.Cmdlet], library, []));
    }
}
