using System.Collections;

namespace HedvigStorage.Parameters;

/// <summary>Takes a word of an enumeration in any letter case; numbers are not accepted.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WordTransformationAttribute : ValueTransformationAttribute
{
    /// <summary>Takes the words of an enumeration.</summary>
    /// <param name="type">The enumeration.</param>
    /// <param name="kind">What a word of it is to people, such as <c>type of volume</c>.</param>
    public WordTransformationAttribute(Type type, string kind)
    {
        Type = type;
        Kind = kind;
    }

    /// <summary>Gets the enumeration.</summary>
    public Type Type { get; }

    /// <summary>Gets what a word of it is to people.</summary>
    public string Kind { get; }

    private protected override object? Read(object? value) =>
        value is IEnumerable items and not string ? items.Cast<object?>().Select(ReadWord).ToArray() : ReadWord(value);

    // An empty text is what a table has where it says nothing.
    private object? ReadWord(object? value)
    {
        value = value is System.Management.Automation.PSObject wrapped ? wrapped.BaseObject : value;
        if (value is null or "" || value.GetType() == Type)
        {
            return value is "" ? null : value;
        }

        var words = Enum.GetNames(Type);
        return value is string text
            && words.FirstOrDefault(word => string.Equals(word, text.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse(Type, found)
            : throw Refuse(
                value, $"is not a valid {Kind}. Give {string.Join(", ", words.Take(words.Length - 1))} or {words[words.Length - 1]}.");
    }
}
