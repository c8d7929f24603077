namespace HedvigStorage;

/// <summary>How the values of a property are written, and which of them are valid: the same in documents, options and requests.</summary>
public abstract class PropertyForm
{
    private protected PropertyForm()
    {
    }

    /// <summary>Gets what a document may write it as.</summary>
    internal virtual WrittenForm WrittenForm => WrittenForm.Text;

    /// <summary>Gets the JSON schema of a value, in the order in which it is written.</summary>
    internal abstract IReadOnlyList<KeyValuePair<string, object>> Schema { get; }

    /// <summary>Reads a value from text.</summary>
    /// <param name="text">The text, as an option gives it.</param>
    /// <param name="error">What is wrong with the text, and what is right, in a sentence; <see langword="null"/> if nothing is.</param>
    /// <returns>The value, or <see langword="null"/> if the text is not valid.</returns>
    public abstract object? Parse(string text, out string? error);

    /// <summary>Writes a value as a document has it.</summary>
    /// <param name="value">The value.</param>
    public virtual object Write(object value) => value;

    /// <summary>Writes a value as text, for people, digests and options.</summary>
    /// <param name="value">The value.</param>
    public virtual string? Show(object value) => AttributeTable.Format(Write(value));

    private protected static object Right(object value, out string? error)
    {
        error = null;
        return value;
    }

    private protected static object? Wrong(string reason, out string? error)
    {
        error = reason;
        return null;
    }

    private protected static KeyValuePair<string, object> Keyword(string name, object value) => new(name, value);
}
