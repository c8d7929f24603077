namespace HedvigStorage.Docker;

/// <summary>Entry points in the form in which engines keep them.</summary>
internal static class EntryPoints
{
    /// <summary>One empty word, which is how command lines take the image's away, becomes an empty entry point.</summary>
    public static IReadOnlyList<string>? Normal(IReadOnlyList<string>? entryPoint) => entryPoint is [""] ? [] : entryPoint;
}
