using System.Collections;

namespace HedvigStorage.Completers;

/// <summary>What somebody has typed so far.</summary>
internal sealed class CompletionRequest
{
    private readonly IDictionary _bound;

    public CompletionRequest(string command, string parameter, string? word, IDictionary? bound)
    {
        Word = new CompletionWord(word, escapesWildcards: command.IndexOf("Get-", StringComparison.OrdinalIgnoreCase) >= 0);
        Parameter = parameter;
        _bound = bound ?? new Hashtable();
    }

    public CompletionWord Word { get; }

    public string Parameter { get; }

    /// <summary>Finds the value that another parameter has been given, as far as it can be told without running anything.</summary>
    public object? Find(string parameter)
    {
        var key = _bound.Keys.OfType<string>().FirstOrDefault(name => string.Equals(name, parameter, StringComparison.OrdinalIgnoreCase));
        return key is null ? null : _bound[key] is PSObject wrapped ? wrapped.BaseObject : _bound[key];
    }

    /// <summary>
    /// Finds the one literal name that another parameter has been given; <see langword="null"/> if it is none, several or a pattern.
    /// </summary>
    public string? FindName(string parameter)
    {
        var value = Find(parameter);
        if (value is IList { Count: 1 } items)
        {
            value = items[0] is PSObject wrapped ? wrapped.BaseObject : items[0];
        }

        var name = value switch
        {
            string text => text,
            Volume volume => volume.Name,
            _ => null,
        };
        return string.IsNullOrEmpty(name) || WildcardPattern.ContainsWildcardCharacters(name) ? null : name;
    }
}
