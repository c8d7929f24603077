using System.Management.Automation.Language;
using System.Reflection;

namespace HedvigStorage.Completers;

/// <summary>
/// Finds which parameter a word after a pipe is for. PowerShell completes it for the position that it stands in, as if no object came.
/// </summary>
internal static class PositionAfterPipe
{
    /// <summary>Finds the parameter.</summary>
    /// <param name="command">The name of the cmdlet.</param>
    /// <param name="parameter">The parameter that PowerShell takes the word for.</param>
    /// <param name="ast">The cmdlet as it is typed.</param>
    /// <returns>Whether an object comes, and the parameter; that is <see langword="null"/> where no position is left.</returns>
    public static (bool IsAfterPipe, PropertyInfo? Parameter) Find(string command, string parameter, CommandAst? ast)
    {
        if (ast?.Parent is not PipelineAst pipeline || pipeline.PipelineElements.IndexOf(ast) is not (> 0 and var index))
        {
            return (false, null);
        }

        var open = PositionsOf(FindCmdlet(command)).Where(position => !IsNamed(ast, position.Name)).ToList();
        var place = open.FindIndex(position => string.Equals(position.Name, parameter, StringComparison.OrdinalIgnoreCase));
        if (place < 0)
        {
            return (false, null);
        }

        _ = open.Remove(Home(open, pipeline.PipelineElements[index - 1]));
        return (true, open.ElementAtOrDefault(place));
    }

    /// <summary>Tells whether a parameter is given by its name, or by the beginning of it.</summary>
    public static bool IsNamed(CommandAst ast, string parameter) => ast.CommandElements.OfType<CommandParameterAst>()
        .Any(element => parameter.StartsWith(element.ParameterName, StringComparison.OrdinalIgnoreCase));

    // An object of the kind that a position is called after is for that; every other one is for the first.
    private static PropertyInfo Home(List<PropertyInfo> open, CommandBaseAst before)
    {
        var written = before is CommandAst command && command.GetCommandName() is { } name && FindCmdlet(name) is { } cmdlet
            ? cmdlet.GetCustomAttributes<OutputTypeAttribute>().SelectMany(output => output.Type, (_, type) => type.Type?.Name).ToArray()
            : [];
        return open.Find(position => written.Contains(position.Name, StringComparer.Ordinal)) ?? open[0];
    }

    private static PropertyInfo[] PositionsOf(Type? cmdlet)
    {
        var uses = (cmdlet?.GetProperties() ?? [])
            .SelectMany(property => property.GetCustomAttributes<ParameterAttribute>(), (property, use) => (Property: property, Use: use))
            .Where(known => known.Use.Position >= 0)
            .ToArray();
        return uses.Any(known => IsOf(known.Use, ParameterSets.InputObject))
            ? uses.Where(known => IsOf(known.Use, ParameterSets.InputObject) || IsOf(known.Use, ParameterAttribute.AllParameterSets))
                .OrderBy(known => known.Use.Position)
                .Select(known => known.Property)
                .ToArray()
            : [];
    }

    private static bool IsOf(ParameterAttribute use, string set) => string.Equals(use.ParameterSetName, set, StringComparison.Ordinal);

    private static Type? FindCmdlet(string name) => typeof(PositionAfterPipe).Assembly.GetTypes().FirstOrDefault(type =>
        type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet
        && string.Equals($"{cmdlet.VerbName}-{cmdlet.NounName}", name, StringComparison.OrdinalIgnoreCase));
}
