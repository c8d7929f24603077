namespace HedvigStorage.Documents;

/// <summary>The value of a variable of a container's environment: a text, or where it comes from. Only one of the three is given.</summary>
public sealed record EnvironmentValue
{
    /// <summary>Gets the text, or <see langword="null"/>.</summary>
    public string? Text { get; init; }

    /// <summary>Gets the file that has the value, relative to the document's folder, or <see langword="null"/>.</summary>
    public string? File { get; init; }

    /// <summary>Gets the name of the secret that is the value, or <see langword="null"/>.</summary>
    public string? Secret { get; init; }

    /// <summary>Tells where the value comes from. The value itself may be a secret and is never shown.</summary>
    public override string ToString() =>
        File is not null ? $"from the file '{File}'" : Secret is not null ? $"the secret '{Secret}'" : "set";
}
