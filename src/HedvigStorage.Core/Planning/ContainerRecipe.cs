using HedvigStorage.Docker;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>
/// Tells with what a container would have to be made to be the same: what its image sets, and what the engine chose, is left out.
/// </summary>
internal static class ContainerRecipe
{
    public static ContainerSpecification Of(Container actual, Image? image)
    {
        var specification = actual.Specification;
        var inherited = image ?? new Image { Id = actual.ImageId };
        return specification with
        {
            // An entry point of the container's own takes the image's command away.
            Command = SameList(specification.Command, inherited.Command) && SameList(specification.EntryPoint, inherited.EntryPoint)
                ? null
                : specification.Command ?? [],
            EntryPoint = SameList(specification.EntryPoint, inherited.EntryPoint) ? null : specification.EntryPoint ?? [],
            User = Same(specification.User ?? string.Empty, inherited.User) ? null : specification.User,
            WorkingDirectory = Same(specification.WorkingDirectory ?? string.Empty, inherited.WorkingDirectory)
                ? null
                : specification.WorkingDirectory,
            HostName = IsOwnHostName(actual) ? specification.HostName : null,
            Environment = ContainerImage.Beyond(specification.Environment, inherited.Environment),
            Labels = ContainerImage.Beyond(specification.Labels, inherited.Labels),
            Health = DescribeHealth(specification.Health, inherited.Health),
            Settings = ContainerSettings.Beyond(specification.Settings, inherited.Settings),
            StopTimeout = specification.StopTimeout == inherited.StopTimeout ? null : specification.StopTimeout,
        };
    }

    // Unless it is told, an engine names the host after the container; one that shares its machine's network has the machine's name.
    private static bool IsOwnHostName(Container actual) => actual.Specification.HostName is { } name
        && ObjectName.IsValid(name)
        && !actual.Id.StartsWith(name, StringComparison.Ordinal)
        && !Same(actual.Specification.NetworkMode, "host")
        && actual.Specification.NetworkMode?.StartsWith("container:", StringComparison.Ordinal) != true;

    private static HealthCheck? DescribeHealth(HealthCheck? actual, HealthCheck? image)
    {
        if (actual is null)
        {
            return null;
        }

        var health = new HealthCheck
        {
            Test = SameList(actual.Test, image?.Test) ? null : actual.Test,
            Interval = actual.Interval == image?.Interval ? null : actual.Interval,
            Timeout = actual.Timeout == image?.Timeout ? null : actual.Timeout,
            StartPeriod = actual.StartPeriod == image?.StartPeriod ? null : actual.StartPeriod,
            Retries = actual.Retries == image?.Retries ? null : actual.Retries,
        };
        return health == new HealthCheck() ? null : health;
    }
}
