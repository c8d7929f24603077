using System.Xml.Linq;

namespace HedvigStorage.Module.Tests;

/// <summary>What a suite's result file (NUnit 2.5) says.</summary>
internal sealed record PesterReport(IReadOnlyList<string> Passed, IReadOnlyList<string> Failed, IReadOnlyList<string> Skipped)
{
    public static PesterReport Read(string path)
    {
        var cases = XDocument.Load(path).Descendants("test-case")
            .ToLookup(test => (string?)test.Attribute("result"), System.StringComparer.Ordinal);
        return new PesterReport(
            cases["Success"].Select(Name).ToArray(),
            cases.Where(group => group.Key is not ("Success" or "Ignored" or "Skipped" or "Inconclusive")).SelectMany(group => group)
                .Select(Describe).ToArray(),
            cases.Where(group => group.Key is "Ignored" or "Skipped" or "Inconclusive").SelectMany(group => group).Select(Name).ToArray());
    }

    private static string Name(XElement test) => (string?)test.Attribute("description") ?? (string?)test.Attribute("name") ?? "?";

    private static string Describe(XElement test) =>
        $"{(string?)test.Attribute("name")}: {string.Join(' ', test.Descendants("message").Select(message => message.Value.Trim()))}";
}
