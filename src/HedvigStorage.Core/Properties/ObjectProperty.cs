namespace HedvigStorage.Properties;

/// <summary>
/// One property of a kind of object, declared once: documents, plans, exports, requests, Docker options and DSC's states all follow from
/// it.
/// </summary>
/// <typeparam name="TSpecification">What is asked for; <see langword="null"/> is not specified.</typeparam>
/// <typeparam name="TActual">What is there.</typeparam>
/// <typeparam name="TChange">What to change in place.</typeparam>
public sealed class ObjectProperty<TSpecification, TActual, TChange>
{
    internal ObjectProperty(
        string name,
        PropertyForm form,
        Func<TSpecification,
        object?> get,
        Func<TSpecification,
        object,
        TSpecification> with,
        Func<TActual,
        object?> actual)
    {
        Name = name;
        Form = form;
        Get = get;
        With = with;
        Actual = actual;
    }

    /// <summary>Gets the name in documents.</summary>
    public string Name { get; }

    /// <summary>Gets how values are written, and which are valid.</summary>
    public PropertyForm Form { get; }

    /// <summary>Gets the function that reads what is asked for.</summary>
    public Func<TSpecification, object?> Get { get; }

    /// <summary>Gets the function that asks for a value.</summary>
    public Func<TSpecification, object, TSpecification> With { get; }

    /// <summary>Gets the function that reads what is there; <see langword="null"/> if nobody asked for any.</summary>
    public Func<TActual, object?> Actual { get; }

    /// <summary>Gets what an object has of which nobody asked for any.</summary>
    public object? Default { get; init; }

    /// <summary>Gets how it is changed in place; <see langword="null"/> if only a replacement changes it.</summary>
    public PropertyInPlace<TChange>? InPlace { get; init; }

    /// <summary>Gets the name in requests, where it is a plain member of their parameters.</summary>
    public string? WireName { get; init; }

    /// <summary>Gets the name as an option of <c>docker volume create -o</c>.</summary>
    public string? OptionName { get; init; }

    /// <summary>Gets what the driver's help says of the option.</summary>
    public string? OptionHelp { get; init; }

    /// <summary>Gets the attribute that it is, if it is one.</summary>
    public AttributeDefinition? Attribute { get; init; }

    /// <summary>Gets whether only a cluster that knows the extension of the protocol tells it.</summary>
    internal bool NeedsExtension { get; init; }

    /// <summary>Gets whether an export leaves it out where it is the default.</summary>
    internal bool IsExportedOnlyIfSet { get; init; }

    /// <summary>Gets what the schema says of it beside its form.</summary>
    internal string? SchemaDescription { get; init; }

    /// <summary>Gets the default that the schema tells.</summary>
    internal object? SchemaDefault { get; init; }
}
