using System.Xml.Linq;
using HedvigStorage.HelpWriter.Cmdlets;
using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter.Output;

/// <summary>Writes the help of cmdlets in MAML, the form that <c>Get-Help</c> reads.</summary>
internal sealed class MamlWriter
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private readonly Cmdlet _cmdlet;
    private readonly CmdletPage _page;
    private readonly PageLibrary _library;
    private readonly RelatedLinks _links;

    private MamlWriter(Cmdlet cmdlet, CmdletPage page, PageLibrary library, RelatedLinks links)
    {
        _cmdlet = cmdlet;
        _page = page;
        _library = library;
        _links = links;
    }

    public static string Write(IEnumerable<Cmdlet> cmdlets, PageLibrary library, RelatedLinks links)
    {
        var items = new XElement(
            Root + "helpItems",
            new XAttribute("schema", "maml"),
            cmdlets.Select(cmdlet => new MamlWriter(cmdlet, library.Find(cmdlet.Name)!, library, links).Write()));
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{items}\n";
    }

    private XElement Write() => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", _cmdlet.Name),
            new XElement(Command + "verb", _cmdlet.Verb),
            new XElement(Command + "noun", _cmdlet.Noun),
            Description(_page.Synopsis)),
        Description(_page.Description),
        new XElement(Command + "syntax", _cmdlet.ParameterSets.Select(Syntax)),
        new XElement(
            Command + "parameters",
            _cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
                .Select(parameter => Parameter(parameter, parameter.Uses[0], inSyntax: false))),
        new XElement(Command + "inputTypes", _page.Inputs.Select(entry => Type(Command + "inputType", entry))),
        new XElement(Command + "returnValues", _page.Outputs.Select(entry => Type(Command + "returnValue", entry))),
        new XElement(Command + "examples", _page.Examples.Select(Example)),
        new XElement(Command + "relatedLinks", _links.Of(_cmdlet).Select(Link)));

    private XElement Syntax(string? set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", _cmdlet.Name),
        _cmdlet.Parameters
            .Select(parameter => (Parameter: parameter, Use: parameter.UseIn(set)))
            .Where(row => row.Use is not null)
            .OrderBy(row => row.Use!.Position ?? int.MaxValue)
            .ThenByDescending(row => row.Use!.Mandatory)
            .ThenBy(row => row.Parameter.Name is "WhatIf" or "Confirm")
            .Select(row => Parameter(row.Parameter, row.Use!, inSyntax: true)));

    private XElement Parameter(CmdletParameter parameter, ParameterUse use, bool inSyntax) => new(
        Command + "parameter",
        new XAttribute("required", Word(use.Mandatory)),
        new XAttribute("variableLength", Word(parameter.Type.EndsWith("[]", StringComparison.Ordinal))),
        new XAttribute("globbing", Word(parameter.Wildcards)),
        new XAttribute("pipelineInput", Pipeline(use)),
        new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
        new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
        new XElement(Maml + "name", parameter.Name),
        Description(TextOf(parameter)),
        inSyntax && parameter.Values.Count > 0
            ? new XElement(Command + "parameterValueGroup", parameter.Values.Select(value => Value(parameter, value)))
            : null,
        inSyntax && parameter.IsSwitch ? null : Value(parameter, parameter.Type),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.Type), new XElement(Maml + "uri")),
        new XElement(Dev + "defaultValue", parameter.Default ?? Default(TextOf(parameter)) ?? "None"));

    private IReadOnlyList<string> TextOf(CmdletParameter parameter) => _library.FindParameter(_page, parameter.Name)!.Text;

    // The page says it in a sentence, and so it is said once.
    private static string? Default(IEnumerable<string> text)
    {
        const string Beginning = "The default is ";
        var sentence = text.SelectMany(paragraph => paragraph.Split(". "))
            .FirstOrDefault(sentence => sentence.StartsWith(Beginning, StringComparison.Ordinal));
        return sentence?[Beginning.Length..].Split(", ")[0].TrimEnd('.');
    }

    private static XElement Value(CmdletParameter parameter, string text) => new(
        Command + "parameterValue",
        new XAttribute("required", Word(!parameter.IsSwitch)),
        new XAttribute("variableLength", Word(parameter.Type.EndsWith("[]", StringComparison.Ordinal))),
        text);

    private static string Pipeline(ParameterUse use) => (use.ByValue, use.ByPropertyName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };

    private static XElement Type(XName name, PageEntry entry) => new(
        name,
        new XElement(Dev + "type", new XElement(Maml + "name", entry.Name), new XElement(Maml + "uri")),
        Description(entry.Text));

    private static XElement Example(PageExample example, int index) => new(
        Command + "example",
        new XElement(Maml + "title", $"----- Example {(index + 1).ToString(CultureInfo.InvariantCulture)}: {example.Title} -----"),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Remarks.Select(Paragraph)));

    // A page is found by its name; other targets are addresses.
    private static XElement Link(PageLink link) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", link.Text),
        new XElement(Maml + "uri", link.Target.Contains("://", StringComparison.Ordinal) ? link.Target : string.Empty));

    private static XElement Description(IEnumerable<string> text) => new(Maml + "description", text.Select(Paragraph));

    private static XElement Paragraph(string text) => new(Maml + "para", text);

    private static string Word(bool value) => value ? "true" : "false";
}
