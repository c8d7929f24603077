namespace HedvigStorage.Docker;

/// <summary>Names of containers that mean something to this product.</summary>
internal static class ContainerName
{
    /// <summary>What is behind the name of a container while it is made to replace that one.</summary>
    public const string NextSuffix = ".hv-next";

    /// <summary>Tells whether a container is what is left of an interrupted replacement.</summary>
    public static bool IsNext(string name) => name.EndsWith(NextSuffix, StringComparison.Ordinal);

    /// <summary>Tells whether a container is what is left of an interrupted replacement of another.</summary>
    public static bool IsNextOf(string name, string other) => string.Equals(name, other + NextSuffix, StringComparison.Ordinal);
}
