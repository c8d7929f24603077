namespace HedvigStorage.Planning;

/// <summary>Why an object differs from what is desired.</summary>
public enum ChangeCause
{
    /// <summary>It cannot be told: the object carries no label of the document.</summary>
    Unknown,

    /// <summary>The document asks for something else than when it was applied last.</summary>
    Document,

    /// <summary>The document asks for the same as when it was applied last: something else has changed the object.</summary>
    Drift,
}
