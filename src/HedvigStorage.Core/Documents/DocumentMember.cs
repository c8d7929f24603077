namespace HedvigStorage.Documents;

/// <summary>One member of an object of documents: how it is read, written and described by the schema.</summary>
/// <typeparam name="T">What the object becomes.</typeparam>
/// <param name="name">The name.</param>
/// <param name="schema">The schema of its value.</param>
/// <param name="read">Reads a value; <see langword="null"/> where it is not valid, which it has then said.</param>
/// <param name="with">Takes a value that was read.</param>
/// <param name="write">Writes the value; <see langword="null"/> leaves it out.</param>
internal sealed class DocumentMember<T>(
    string name,
    IReadOnlyList<KeyValuePair<string,
    object>> schema,
    Func<DocumentNode,
    object?> read,
    Func<T,
    object,
    T> with,
    Func<T,
    object?> write)
{
    public string Name => name;

    public bool IsRequired { get; init; }

    public string? Description { get; init; }

    public object? Default { get; init; }

    public Func<DocumentNode, object?> Read => read;

    public Func<T, object, T> With => with;

    public Func<T, object?> Write => write;

    /// <summary>Gets the schema with what is told beside it.</summary>
    public IReadOnlyDictionary<string, object> Schema
    {
        get
        {
            var document = DocumentSchema.Builder(schema);
            document.Add("default", Default);
            document.Add("description", Description);
            return document.Build();
        }
    }

    /// <summary>Tells editors what it is.</summary>
    public DocumentMember<T> Described(string? description, object? defaultValue = null) =>
        new(name, schema, read, with, write) { IsRequired = IsRequired, Description = description, Default = defaultValue ?? Default };
}
