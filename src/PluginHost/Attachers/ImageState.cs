namespace HedvigStorage.PluginHost.Attachers;

/// <summary>What is to be done with a volume's data before it is mounted.</summary>
internal enum ImageState
{
    /// <summary>Nothing: it is mounted where it is to be.</summary>
    Mounted,

    /// <summary>Nothing: it is to be mounted as it is, from a device that has it already or from one of its own.</summary>
    Ready,

    /// <summary>A file system is to be made in it.</summary>
    Blank,

    /// <summary>It is to be cleared: it holds a file system that was begun and that nobody has been given.</summary>
    HalfMade,
}
