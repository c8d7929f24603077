using HedvigStorage.Properties;

namespace HedvigStorage.Documents;

/// <summary>Makes the members that many kinds of objects have.</summary>
internal static class DocumentMembers
{
    /// <summary>A member whose values have a form.</summary>
    public static DocumentMember<T> Of<T>(string name, PropertyForm form, Func<T, object?> get, Func<T, object, T> with) =>
        new(name, form.Schema, node => node.Read(form), with, item => get(item) is { } value ? form.Write(value) : null);

    /// <summary>The member that a property of an object has.</summary>
    public static DocumentMember<T> Of<T, TSpecification, TActual, TChange>(ObjectProperty<TSpecification, TActual, TChange> property)
        where T : class, TSpecification => new(
        property.Name,
        property.Form.Schema,
        property.Attribute is { } attribute ? node => node.ReadAttribute(attribute) : node => node.Read(property.Form),
        (item, value) => (T)property.With(item, value)!,
        item => property.Get(item) is { } value ? property.Form.Write(value) : null)
    {
        Default = property.SchemaDefault,
        Description = property.SchemaDescription,
    };

    /// <summary>The member that names the object, or another one that it needs.</summary>
    public static DocumentMember<T> OfName<T>(string name, string kind, Func<T, string> get, Func<T, string, T> with) =>
        new(
            name,
            new NameForm(kind).Schema,
            node => node.ReadName(kind),
            (item, value) => with(item, (string)value),
            get) { IsRequired = true };

    /// <summary>The member that says whether the object should exist.</summary>
    public static DocumentMember<T> OfEnsure<T>(Func<T, Ensure> get, Func<T, Ensure, T> with) => new(
        "ensure",
        DocumentSchema.Reference("ensure"),
        node => node.Read(WordForm<Ensure>.Instance),
        (item, value) => with(item, (Ensure)value),
        item => get(item) is var ensure && ensure == Ensure.Present ? null : ensure.ToString());

    /// <summary>A list of objects.</summary>
    public static DocumentMember<T> OfList<T, TItem>(
        string name,
        string definition,
        DocumentTable<TItem> table,
        Func<T,
        IReadOnlyList<TItem>> get,
        Func<T,
        IReadOnlyList<TItem>,
        T> with)
        where TItem : class => new(
        name,
        DocumentSchema.List(DocumentSchema.Reference(definition)),
        node => node.ReadList(table.Read),
        (item, value) => with(item, (IReadOnlyList<TItem>)value),
        item => get(item) is { Count: > 0 } items ? items.Select(each => (object)table.Write(each)).ToList() : null);

    /// <summary>A text that is not empty.</summary>
    public static DocumentMember<T> OfText<T>(string name, Func<T, string?> get, Func<T, string, T> with) =>
        new(name, DocumentSchema.Text(minLength: 1), DockerValues.ReadNotEmpty, (item, value) => with(item, (string)value), get);

    /// <summary>An absolute path.</summary>
    public static DocumentMember<T> OfPath<T>(string name, Func<T, string?> get, Func<T, string, T> with) =>
        new(name, DocumentSchema.Text("^/"), DockerValues.ReadAbsolutePath, (item, value) => with(item, (string)value), get);

    /// <summary>The labels of an object of a Docker Engine.</summary>
    public static DocumentMember<T> OfLabels<T>(
        Func<T, IReadOnlyDictionary<string, string>?> get, Func<T, IReadOnlyDictionary<string, string>, T> with) => new(
        "labels",
        DocumentSchema.Reference("labels"),
        DockerValues.ReadLabels,
        (item, value) => with(item, (IReadOnlyDictionary<string, string>)value),
        item => WriteMap(get(item)));

    /// <summary>Writes a map in the order of its names.</summary>
    public static IReadOnlyDictionary<string, object>? WriteMap(IReadOnlyDictionary<string, string>? map) =>
        map is null ? null : WriteMap(map, value => value);

    /// <summary>Writes a map in the order of its names.</summary>
    public static IReadOnlyDictionary<string, object> WriteMap<T>(IReadOnlyDictionary<string, T> map, Func<T, object> write)
    {
        var part = new DocumentBuilder();
        foreach (var pair in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            part.Add(pair.Key, write(pair.Value));
        }

        return part.Build();
    }
}
