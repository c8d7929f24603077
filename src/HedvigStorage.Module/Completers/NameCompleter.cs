using System.Collections;
using System.Management.Automation.Language;
using System.Reflection;

namespace HedvigStorage.Completers;

/// <summary>What all completers have in common: which names fit what is typed, and how they are shown.</summary>
internal abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var (isAfterPipe, position) = PositionAfterPipe.Find(commandName, parameterName, commandAst);
        if (!isAfterPipe)
        {
            return Complete(new CompletionRequest(commandName, parameterName, wordToComplete, fakeBoundParameters));
        }

        // What PowerShell takes for bound is the word itself, in the object's position.
        var bound = WithoutWords(fakeBoundParameters, commandAst);
        var type = position?.GetCustomAttribute<ArgumentCompleterAttribute>()?.Type;
        return type is not null && Activator.CreateInstance(type) is NameCompleter completer
            ? completer.Complete(new CompletionRequest(commandName, position!.Name, wordToComplete, bound))
            : [];
    }

    private CompletionResult[] Complete(CompletionRequest request) => Find(request)
        .Where(candidate => candidate.Name.Length > 0 && request.Word.Matches(candidate.Name))
        .GroupBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Select(group => group.First())
        .OrderBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase)
        .Select(
            candidate =>
                new CompletionResult(
                    request.Word.Write(candidate.Name), candidate.Name, CompletionResultType.ParameterValue, Describe(candidate)))
        .ToArray();

    private protected abstract IReadOnlyList<Candidate> Find(CompletionRequest request);

    private static Hashtable WithoutWords(IDictionary bound, CommandAst ast)
    {
        var kept = bound.Keys.OfType<string>().Where(key => PositionAfterPipe.IsNamed(ast, key));
        return new Hashtable(kept.ToDictionary(key => key, key => bound[key], StringComparer.Ordinal), StringComparer.OrdinalIgnoreCase);
    }

    private static string Describe(Candidate candidate) =>
        candidate.Description.Length == 0 ? candidate.Name : $"{candidate.Name}: {candidate.Description}";
}
