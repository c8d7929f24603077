using HedvigStorage.HelpWriter.Cmdlets;

namespace HedvigStorage.HelpWriter.Pages;

/// <summary>
/// Finds what is near a cmdlet: what its page links to, the cmdlets of the same noun, those that list what it takes or take what it
/// writes, and the topics that tell of it. So a page that says nothing of its neighbours has them all the same, and a new cmdlet is at
/// once on theirs.
/// </summary>
internal sealed class RelatedLinks
{
    private const string Own = "HedvigStorage.";
    private const string General = "about_HedvigStorage";

    private readonly IReadOnlyList<Cmdlet> _cmdlets;
    private readonly PageLibrary _library;
    private readonly IReadOnlyList<AboutTopic> _topics;

    public RelatedLinks(IReadOnlyList<Cmdlet> cmdlets, PageLibrary library, IReadOnlyList<AboutTopic> topics)
    {
        _cmdlets = cmdlets;
        _library = library;
        _topics = topics;
    }

    /// <summary>Lists the links of a cmdlet, the nearest first, each once.</summary>
    public IReadOnlyList<PageLink> Of(Cmdlet cmdlet)
    {
        var page = _library.Find(cmdlet.Name)!;
        string[] taken = [.. OwnTypes(InputsOf(cmdlet))];
        string[] written = [.. OwnTypes(cmdlet.Outputs)];
        var near = _cmdlets.Where(other => string.Equals(other.Noun, cmdlet.Noun, StringComparison.Ordinal))
            .Concat(_cmdlets.Where(other => string.Equals(other.Verb, "Get", StringComparison.Ordinal) && IsOneOf(taken, other.Outputs)))
            .Concat(_cmdlets.Where(other => IsOneOf(written, InputsOf(other))))
            .Select(other => other.Name)
            .Concat(TopicsOf(cmdlet))
            .Select(name => new PageLink(name, name, 1));
        return [.. page.Links.Concat(near)
            .Where(link => !string.Equals(link.Text, cmdlet.Name, StringComparison.Ordinal))
            .DistinctBy(link => link.Text, StringComparer.Ordinal)];
    }

    private static bool IsOneOf(string[] types, IEnumerable<string> others) => types.Intersect(others, StringComparer.Ordinal).Any();

    private static IEnumerable<string> OwnTypes(IEnumerable<string> types) =>
        types.Where(type => type.StartsWith(Own, StringComparison.Ordinal));

    private IEnumerable<string> InputsOf(Cmdlet cmdlet) => _library.Find(cmdlet.Name)!.Inputs.Select(input => input.Name);

    // What no topic names is part of what the general one tells of.
    private IEnumerable<string> TopicsOf(Cmdlet cmdlet) => _topics
        .Where(topic => topic.Sections.Any(section => section.Text.Any(text => text.Contains(cmdlet.Name, StringComparison.Ordinal))))
        .Select(topic => topic.Name)
        .DefaultIfEmpty(General);
}
