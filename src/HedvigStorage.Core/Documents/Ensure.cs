namespace HedvigStorage.Documents;

/// <summary>Whether an object of a configuration should exist.</summary>
public enum Ensure
{
    /// <summary>It should exist, as described.</summary>
    Present,

    /// <summary>It should not exist.</summary>
    Absent,

    /// <summary>The document gives up ownership; the object is kept.</summary>
    Forgotten,
}

/// <summary>Whether a container should run.</summary>
public enum ContainerState
{
    /// <summary>It should run.</summary>
    Running,

    /// <summary>It should exist and not run.</summary>
    Stopped,
}
