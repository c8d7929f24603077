using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>What a document specifies of a container, and where a container differs from it.</summary>
internal static class ContainerComparison
{
    /// <summary>Finds what cannot be changed in place.</summary>
    public static IEnumerable<PropertyChange> Immutable(ContainerFacts facts, Container actual) => Compare(facts, actual, inPlace: false);

    /// <summary>Finds what can be changed in place.</summary>
    public static IEnumerable<PropertyChange> Mutable(ContainerFacts facts, Container actual) => Compare(facts, actual, inPlace: true);

    /// <summary>Lists what the document specifies, for people.</summary>
    public static IEnumerable<PropertyChange> Specified(ContainerFacts facts) => Specified(
        facts.Desired,
        facts.Environment is { } environment ? string.Join(" ", environment.Keys.OrderBy(name => name, StringComparer.Ordinal)) : null);

    /// <summary>
    /// Lists what the document specifies, for its digest: of the environment also the texts that it has itself, but no value from
    /// elsewhere.
    /// </summary>
    public static IEnumerable<PropertyChange> Digested(ConfiguredContainer container) =>
        Specified(container, container.Environment is { } environment ? string.Join(" ", environment.Keys) : null).Concat(
            (container.Environment ?? new Dictionary<string, EnvironmentValue>(StringComparer.Ordinal))
                .Select(
                    variable => new PropertyChange($"environment.{variable.Key}", null, variable.Value.Text ?? variable.Value.ToString())));

    /// <summary>Makes the specification of a new container.</summary>
    public static ContainerSpecification Specification(ContainerFacts facts, IReadOnlyDictionary<string, string> labels)
    {
        var container = facts.Desired;
        return new ContainerSpecification
        {
            Image = container.Image,
            Command = container.Command,
            EntryPoint = container.EntryPoint,
            User = container.User,
            Environment = facts.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Mounts = container.Mounts ?? [],
            Ports = container.Ports ?? [],
            Restart = container.Restart ?? RestartPolicy.No,
            Labels = DockerLabels.Join(container.Labels, labels),
            NetworkMode = container.Network,
            Health = container.Health,
            StopTimeout = container.StopTimeout,
            WorkingDirectory = container.WorkingDirectory,
            HostName = container.HostName,
            Settings = container.Settings,
        };
    }

    private static IEnumerable<PropertyChange> Compare(ContainerFacts facts, Container actual, bool inPlace) => ContainerProperties.All
        .Where(property => property.IsInPlace == inPlace)
        .SelectMany(property => property.Differences(facts, actual));

    private static IEnumerable<PropertyChange> Specified(ConfiguredContainer container, string? environment) => ContainerProperties.All
        .Select(property => new PropertyChange(
            property.Name,
            null,
            string.Equals(property.Name, ContainerProperties.Environment, StringComparison.Ordinal)
                ? environment
                : property.Specified(container)))
        .Where(change => change.After is not null);
}
