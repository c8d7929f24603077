namespace HedvigStorage.Documents;

/// <summary>The members of a kind of object of documents. The reader, the writer and the schema of the kind follow from it.</summary>
/// <typeparam name="T">What an object becomes.</typeparam>
/// <param name="start">An object of which no member is given.</param>
/// <param name="members">The members, in the order in which they are written.</param>
internal sealed class DocumentTable<T>(T start, params DocumentMember<T>[] members)
    where T : class
{
    private readonly string[] _names = members.Select(member => member.Name).ToArray();
    private readonly string[] _required = members.Where(member => member.IsRequired).Select(member => member.Name).ToArray();
    private readonly Dictionary<string, DocumentMember<T>> _members = members.ToDictionary(member => member.Name, StringComparer.Ordinal);

    /// <summary>Gets what must hold between members: it says at the node what does not, or brings the object into its final form.</summary>
    public Func<DocumentNode, T, T?> Finish { get; init; } = (_, item) => item;

    /// <summary>Gets what the schema says of the kind.</summary>
    public string? Description { get; init; }

    /// <summary>Reads an object; <see langword="null"/> where a member that it needs is missing or not valid.</summary>
    public T? Read(DocumentNode node)
    {
        var item = start;
        var missing = _required.Length;
        foreach (var (name, value) in node.ReadMembers(_names, _required))
        {
            var member = _members[name];
            if (member.Read(value) is { } read)
            {
                item = member.With(item, read);
                missing -= member.IsRequired ? 1 : 0;
            }
        }

        return missing == 0 ? Finish(node, item) : null;
    }

    /// <summary>Writes an object; what is not specified is left out.</summary>
    public IReadOnlyDictionary<string, object> Write(T item)
    {
        var document = new DocumentBuilder();
        foreach (var member in members)
        {
            document.Add(member.Name, member.Write(item));
        }

        return document.Build();
    }

    /// <summary>Describes an object to editors.</summary>
    public IReadOnlyDictionary<string, object> Schema()
    {
        var properties = new DocumentBuilder();
        foreach (var member in members)
        {
            properties.Add(member.Name, member.Schema);
        }

        return DocumentSchema.Object(properties.Build(), Description, _required);
    }
}
