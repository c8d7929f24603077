namespace HedvigStorage;

/// <summary>What a value may be in a document.</summary>
internal enum WrittenForm
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A string, a number or a flag, read as text.</summary>
    Scalar,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Permission bits: a string, for a number may be the value or its digits.</summary>
    Mode,

    /// <summary>An object of numbers by frequency.</summary>
    Schedule,
}
