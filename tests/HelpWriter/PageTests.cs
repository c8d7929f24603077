using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter.Tests;

public sealed class PageTests : IDisposable
{
    private readonly PageFolder _folder = new();
    private readonly Problems _problems = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_becomes_text_without_marks_and_line_ends()
    {
        var page = Read(Samples.Page);

        Assert.Empty(Lines());
        Assert.Equal(["Gets things."], page.Synopsis);
        Assert.Equal(["Gets all things of a cluster."], page.Description);
        Assert.Equal(["All things", "One thing"], page.Examples.Select(example => example.Title));
        Assert.Equal("Get-HvThing", page.Examples[0].Code);
        Assert.Equal(["Lists them."], page.Examples[0].Remarks);
        Assert.Equal(("elsewhere", "https://example.com/"), (page.Links[0].Text, page.Links[0].Target));
    }

    [Theory]
    [InlineData("## Inputs", "## Input", "'Input' is not a section of a page.")]
    [InlineData("## Inputs", "## Input", "The section 'Inputs' is missing.")]
    [InlineData("# Get-HvThing", "# Get-HvOther", "The page has one heading of the first level, '# Get-HvThing'.")]
    [InlineData("Gets things.", "", "The synopsis has no text.")]
    [InlineData("```powershell\nGet-HvThing\n```", "```sh\nhv\n```", "The example 'All things' has one block of code, "
        + "which begins with ```powershell.")]
    [InlineData("Gets *all* `things`", "> quoted\n\nGets", "A QuoteBlock cannot be shown in a session.")]
    public void What_a_page_lacks_is_said_with_its_file_and_line(string there, string instead, string message)
    {
        _ = Read(Samples.Page.Replace("\r", string.Empty, StringComparison.Ordinal).Replace(there, instead, StringComparison.Ordinal));

        Assert.Contains(
            Lines(),
            line => line.Contains(message, StringComparison.Ordinal) && line.Contains("Get-HvThing.md(", StringComparison.Ordinal));
    }

    [Fact]
    public void Items_of_lists_and_lines_of_code_are_paragraphs_of_their_own()
    {
        var page = Read(
            Samples.Page.Replace("Gets *all* `things`", "1. first\n2. second\n\n- third\n\n      code\n\nGets", StringComparison.Ordinal));

        Assert.Equal(["1. first", "2. second"], page.Description.Take(2));
        Assert.Contains(page.Description, paragraph => paragraph.StartsWith("- third", StringComparison.Ordinal));
    }

    [Fact]
    public void A_topic_has_its_name_as_heading_and_one_paragraph_before_its_sections()
    {
        _ = _folder.Add("about_HvThings.md", "# about_HvThings\n\nWhat things are.\n\n## Kinds\n\nMany.\n");
        _ = _folder.Add("about_HvWrong.md", "# about_HvOther\n\n## Kinds\n\nMany.\n");

        var topics = AboutTopic.ReadAll(_folder.Path, _problems);

        Assert.Equal(("about_HvThings", "What things are.", "Kinds"), (topics[0].Name, topics[0].Summary, topics[0].Sections[0].Title));
        Assert.Equal(2, Lines().Length);
        Assert.All(Lines(), line => Assert.Contains("about_HvWrong.md", line, StringComparison.Ordinal));
    }

    private CmdletPage Read(string text) => PageReader.Read(_folder.Add("Get-HvThing.md", text), _problems);

    private string[] Lines()
    {
        using var writer = new StringWriter();
        _problems.Write(writer);
        return writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
    }
}
