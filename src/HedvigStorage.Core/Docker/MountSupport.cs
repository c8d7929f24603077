namespace HedvigStorage.Docker;

/// <summary>
/// Which engines can mount what. An older engine does not know the member that says it, and mounts something else without a word.
/// </summary>
public static class MountSupport
{
    private static readonly Version FirstWithSubPaths = new(1, 45);
    private static readonly Version FirstWithImages = new(1, 48);

    /// <summary>Tells why an engine cannot mount something, or <see langword="null"/> if it can.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="mount">What is to be mounted.</param>
    public static string? WhyNot(EngineVersion engine, ContainerMount mount)
    {
        var spoken = Version.TryParse(engine.ApiVersion, out var version) ? version : new Version(0, 0);
        return mount.Type is "image"
            ? spoken >= FirstWithImages ? null
                : $"The mount at {mount.Target} is of the image '{mount.Source}', and the Docker Engine {engine.Version} mounts no images. "
                    + "Docker Engine 28 or later does."
            : mount.SubPath is null || spoken >= FirstWithSubPaths ? null
                : $"The mount at {mount.Target} has the subPath '{mount.SubPath}', which the Docker Engine {engine.Version} does not know: "
                    + "it would mount all of the volume. Docker Engine 26 or later does.";
    }
}
