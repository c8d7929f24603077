using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter.Tests;

public sealed class PageCheckTests : IDisposable
{
    private readonly PageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_that_says_all_of_its_cmdlet_has_no_problem() => Assert.Equal(string.Empty, Check(Samples.Page));

    [Theory]
    [InlineData("### -Name", "### -Owner", "The parameter -Name of Get-HvThing has no text.")]
    [InlineData("### -Name", "### -Owner", "Get-HvThing has no parameter -Owner.")]
    [InlineData("### HedvigStorage.Thing", "### HedvigStorage.Other", "Get-HvThing does not declare that it writes HedvigStorage.Other.")]
    [InlineData("### HedvigStorage.Thing", "### HedvigStorage.Other", "Get-HvThing writes HedvigStorage.Thing, "
        + "which the section 'Outputs' does not tell.")]
    [InlineData("https://example.com/", "Get-HvNothing.md", "There is no file 'Get-HvNothing.md', which a link leads to.")]
    public void What_page_and_cmdlet_disagree_about_is_a_problem(string there, string instead, string message) =>
        Assert.Contains(message, Check(Samples.Page.Replace(there, instead, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void A_parameter_that_means_the_same_everywhere_needs_no_text_on_each_page()
    {
        _ = _folder.Add("common-parameters.md", "# Common\n\n## All\n\n### -Name\n\nNames.\n");

        Assert.Equal(
            string.Empty,
            Check(
                Samples.Page.Replace(
                    "### -Name\n\nNames of things. The default is all, whatever they are.\n", string.Empty, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_page_without_a_cmdlet_is_a_problem()
    {
        _ = _folder.Add("Get-HvOld.md", Samples.Page.Replace("Get-HvThing", "Get-HvOld", StringComparison.Ordinal));

        Assert.Contains("There is no cmdlet Get-HvOld.", Check(Samples.Page), StringComparison.Ordinal);
    }

    private string Check(string page)
    {
        _ = _folder.Add("Get-HvThing.md", page.Replace("\r", string.Empty, StringComparison.Ordinal));
        var problems = new Problems();
        new PageCheck(PageLibrary.Read(_folder.Path, problems), problems).Check([Samples.Cmdlet]);
        using var writer = new StringWriter();
        problems.Write(writer);
        return writer.ToString();
    }
}
