using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>A container of the document, and all that was found out about it.</summary>
internal sealed record ContainerFacts(ConfiguredContainer Desired)
{
    /// <summary>Gets what is there, or <see langword="null"/>.</summary>
    public Container? Actual { get; init; }

    /// <summary>Gets the desired image, or <see langword="null"/> if the engine does not have it.</summary>
    public Image? Image { get; init; }

    /// <summary>Gets the image of what is there, or <see langword="null"/> if the engine does not have it any more.</summary>
    public Image? PresentImage { get; init; }

    /// <summary>Gets the desired environment with its values, or <see langword="null"/> if the document specifies none.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Gets the desired network where it is one that somebody makes, or <see langword="null"/> if it is not there.</summary>
    public EngineNetwork? Network { get; init; }

    /// <summary>
    /// Gets whether the plan recreates the desired network, or, where none is desired, the one that the container is connected to.
    /// </summary>
    public bool NetworkIsRemade { get; init; }

    /// <summary>Gets the container whose network the present one shares, by name where it is known.</summary>
    public string? SharedWith { get; init; }

    /// <summary>Gets what finds the mounts that the engine must not copy into.</summary>
    public OwnedMounts? Owned { get; init; }

    /// <summary>Gets what compares the owners of mounted volumes with the document.</summary>
    public MountedOwners? Owners { get; init; }

    /// <summary>Gets where the owners of the volumes differ that are mounted in what is there.</summary>
    public IReadOnlyList<PropertyChange> WrongOwners { get; init; } = [];

    /// <summary>Gets the mounts that are desired, or those that are there if the document specifies none.</summary>
    public IReadOnlyList<ContainerMount> Mounts => Desired.Mounts ?? Actual?.Specification.Mounts ?? [];

    /// <summary>
    /// Gets the containers to stop before this one, which the plan stops or removes too: those that depend on it, the last to be started
    /// first. Filled when all steps are known.
    /// </summary>
    public List<string> StopFirst { get; } = [];
}
