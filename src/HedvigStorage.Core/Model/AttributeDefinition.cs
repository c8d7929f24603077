namespace HedvigStorage;

/// <summary>One attribute: its name in documents, policies, options and requests, and how to read and write its value.</summary>
public sealed class AttributeDefinition
{
    private readonly Func<VolumeAttributes, object, VolumeAttributes> _with;

    internal AttributeDefinition(
        string name,
        string description,
        PropertyForm form,
        Func<VolumeAttributes,
        object?> get,
        Func<VolumeAttributes,
        object,
        VolumeAttributes> with)
    {
        Name = name;
        WireName = name;
        Description = description;
        Form = form;
        Get = get;
        _with = with;
    }

    /// <summary>Gets the name, such as <c>replicationFactor</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the name in requests, where Hedvig has its own for some.</summary>
    public string WireName { get; init; }

    /// <summary>Gets the values that are right, in words.</summary>
    public string Description { get; }

    /// <summary>Gets how values are written.</summary>
    public PropertyForm Form { get; }

    /// <summary>Gets what a schema says of it beside its form.</summary>
    internal string? SchemaDescription { get; init; }

    /// <summary>Gets the function that reads the value, <see langword="null"/> if it is not specified.</summary>
    public Func<VolumeAttributes, object?> Get { get; }

    /// <summary>Reads a value from text.</summary>
    /// <param name="text">The value, as an option or a document gives it.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the text is not a valid value of this
    /// attribute.</exception>
    public object Parse(string text) => Form.Parse(text.Trim(), out _)
        ?? throw new ClusterException(
            ErrorCode.InvalidArgument, $"'{ObjectName.Printable(text)}' is not a value of {Name}. Give {Description}.");

    /// <summary>Sets the value from text.</summary>
    /// <param name="attributes">The attributes to change a copy of.</param>
    /// <param name="text">The value, as an option or a document gives it.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the text is not a valid value of this
    /// attribute.</exception>
    public VolumeAttributes With(VolumeAttributes attributes, string text) => Set(attributes, Parse(text));

    /// <summary>Sets the value.</summary>
    /// <param name="attributes">The attributes to change a copy of.</param>
    /// <param name="value">A value of its form.</param>
    public VolumeAttributes Set(VolumeAttributes attributes, object value) => _with(attributes, value);
}
