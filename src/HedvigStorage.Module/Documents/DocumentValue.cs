using System.Collections;

namespace HedvigStorage.Documents;

/// <summary>Takes the wrapping off values that came through a pipeline.</summary>
internal static class DocumentValue
{
    public static object? Unwrap(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        IDictionary members => UnwrapMembers(members),

        // A [pscustomobject], as ConvertFrom-Json makes it, has no base object of its own.
        PSCustomObject when value is PSObject custom => UnwrapProperties(custom),
        string text => text,
        IEnumerable items => items.Cast<object?>().Select(Unwrap).ToList(),
        var plain => plain,
    };

    private static Dictionary<object, object?> UnwrapMembers(IDictionary members)
    {
        var unwrapped = new Dictionary<object, object?>();
        foreach (DictionaryEntry member in members)
        {
            unwrapped[member.Key] = Unwrap(member.Value);
        }

        return unwrapped;
    }

    private static Dictionary<object, object?> UnwrapProperties(PSObject custom) =>
        custom.Properties.ToDictionary(property => (object)property.Name, property => Unwrap(property.Value));
}
