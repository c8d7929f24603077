namespace HedvigStorage.Documents;

/// <summary>Whether an object of a configuration shall be there.</summary>
public enum Ensure
{
    /// <summary>It shall be there, as described.</summary>
    Present,

    /// <summary>It shall not be there.</summary>
    Absent,

    /// <summary>The document has nothing more to do with it: what it made stays, as nobody's.</summary>
    Forgotten,
}

/// <summary>Whether a container shall run.</summary>
public enum ContainerState
{
    /// <summary>It shall run.</summary>
    Running,

    /// <summary>It shall be there and not run.</summary>
    Stopped,
}
