namespace HedvigStorage.Planning;

/// <summary>What somebody has to allow before a step is carried out.</summary>
public enum Consent
{
    /// <summary>Nothing: the document itself asks for it.</summary>
    None,

    /// <summary>That an object is removed and recreated: <see cref="ApplyOptions.AllowReplace"/>.</summary>
    Replace,

    /// <summary>That an object is removed which the document does not make absent: <see cref="ApplyOptions.AllowRemove"/>.</summary>
    Remove,
}
