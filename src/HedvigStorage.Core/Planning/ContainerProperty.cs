using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// A property of containers: what a document says of it, where a container differs, and what it has that the document does not name.
/// </summary>
/// <param name="Name">What documents and plans call it.</param>
/// <param name="Specified">Writes what a document says, for people and for the digest; <see langword="null"/> where it says
/// nothing.</param>
internal sealed record ContainerProperty(string Name, Func<ConfiguredContainer, string?> Specified)
{
    /// <summary>Gets whether it is changed in place; anything else needs a new container.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>Gets what finds the differences.</summary>
    public Func<ContainerFacts, Container, IEnumerable<PropertyChange>> Differences { get; init; } = static (_, _) => [];

    /// <summary>
    /// Gets what tells what a container has beyond its image where the document says nothing, so that the one in its place will not have
    /// it.
    /// </summary>
    public Func<ContainerFacts, ContainerSpecification, string?> Unnamed { get; init; } = static (_, _) => null;

    /// <summary>Gets what it is called where it is lost as a whole.</summary>
    public string WholeName { get; init; } = Name;
}
