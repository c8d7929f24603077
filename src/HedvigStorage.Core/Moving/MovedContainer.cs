using HedvigStorage.Docker;

namespace HedvigStorage.Moving;

/// <summary>A container that goes with a volume.</summary>
/// <param name="Actual">What it is at the source.</param>
/// <param name="Recipe">With what it is made at the destination.</param>
internal sealed record MovedContainer(Container Actual, ContainerSpecification Recipe)
{
    public string Name => Actual.Name;

    public bool Runs => Actual.State is "running" or "restarting";
}
