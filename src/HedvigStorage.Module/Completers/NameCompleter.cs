using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace HedvigStorage.Completers;

/// <summary>What all completers have in common: which names fit what is typed, and how they are shown.</summary>
internal abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var request = new CompletionRequest(commandName, parameterName, wordToComplete, fakeBoundParameters);
        return Find(request)
            .Where(candidate => candidate.Name.Length > 0 && request.Word.Matches(candidate.Name))
            .GroupBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(group => group.First())
            .OrderBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase)
            .Select(candidate => new CompletionResult(request.Word.Write(candidate.Name), candidate.Name, CompletionResultType.ParameterValue, Describe(candidate)))
            .ToArray();
    }

    private protected abstract IReadOnlyList<Candidate> Find(CompletionRequest request);

    private static string Describe(Candidate candidate) => candidate.Description.Length == 0 ? candidate.Name : $"{candidate.Name}: {candidate.Description}";
}
