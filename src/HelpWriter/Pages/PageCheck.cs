using HedvigStorage.HelpWriter.Cmdlets;

namespace HedvigStorage.HelpWriter.Pages;

/// <summary>Holds the pages against the cmdlets: what has no text, and text about what is not there.</summary>
internal sealed class PageCheck
{
    private const int FewestExamples = 2;

    private readonly PageLibrary _library;
    private readonly Problems _problems;

    public PageCheck(PageLibrary library, Problems problems)
    {
        _library = library;
        _problems = problems;
    }

    public void Check(IReadOnlyList<Cmdlet> cmdlets)
    {
        foreach (var cmdlet in cmdlets)
        {
            if (_library.Find(cmdlet.Name) is { } page)
            {
                Check(cmdlet, page);
            }
            else
            {
                _problems.Add(Path.Combine(_library.Folder, cmdlet.Name + ".md"), 1, $"The cmdlet {cmdlet.Name} has no page.");
            }
        }

        foreach (var page in _library.Pages.Where(
            page => !cmdlets.Any(cmdlet => string.Equals(cmdlet.Name, page.Name, StringComparison.Ordinal))))
        {
            _problems.Add(page.File, 1, $"There is no cmdlet {page.Name}.");
        }
    }

    private void Check(Cmdlet cmdlet, CmdletPage page)
    {
        foreach (var parameter in cmdlet.Parameters.Where(parameter => _library.FindParameter(page, parameter.Name) is null))
        {
            _problems.Add(page.File, 1, $"The parameter -{parameter.Name} of {cmdlet.Name} has no text.");
        }

        foreach (var entry in page.Parameters.Where(
            entry => !cmdlet.Parameters.Any(parameter => string.Equals("-" + parameter.Name, entry.Name, StringComparison.Ordinal))))
        {
            _problems.Add(page.File, entry.Line, $"{cmdlet.Name} has no parameter {entry.Name}.");
        }

        if (page.Examples.Count < FewestExamples)
        {
            _problems.Add(page.File, 1, $"{cmdlet.Name} has {page.Examples.Count} examples; a page has {FewestExamples} or more.");
        }

        CheckOutputs(cmdlet, page);
        foreach (var link in page.Links.Where(
            link => !link.Target.Contains("://", StringComparison.Ordinal) && !File.Exists(Path.Combine(_library.Folder, link.Target))))
        {
            _problems.Add(page.File, link.Line, $"There is no file '{link.Target}', which a link leads to.");
        }
    }

    private void CheckOutputs(Cmdlet cmdlet, CmdletPage page)
    {
        string[] declared = cmdlet.Outputs.Count == 0 ? ["None"] : [.. cmdlet.Outputs];
        foreach (var missing in declared.Except(page.Outputs.Select(output => output.Name), StringComparer.Ordinal))
        {
            _problems.Add(page.File, 1, $"{cmdlet.Name} writes {missing}, which the section 'Outputs' does not tell.");
        }

        foreach (var output in page.Outputs.Where(
            output =>
                !string.Equals(output.Name, "None", StringComparison.Ordinal) && !declared.Contains(output.Name, StringComparer.Ordinal)))
        {
            _problems.Add(page.File, output.Line, $"{cmdlet.Name} does not declare that it writes {output.Name}.");
        }
    }
}
