using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Writes the Docker part of a document, which <see cref="DockerReader"/> reads again. What is the default is left out.</summary>
internal static class DockerWriter
{
    /// <summary>Makes dictionaries in the order of the schema, lists and plain values.</summary>
    public static IReadOnlyDictionary<string, object> Write(DockerConfiguration docker)
    {
        var part = new DocumentBuilder();
        part.Add("optional", docker.Optional ? true : null);
        part.Add("plugin", docker.Plugin is { } plugin ? Write(plugin) : null);
        part.Add("networks", List(docker.Networks, Write));
        part.Add("volumes", List(docker.Volumes, volume => Write(volume, docker.DriverName)));
        part.Add("containers", List(docker.Containers, Write));
        return part.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredPlugin plugin)
    {
        var part = new DocumentBuilder();
        part.Add(plugin.Ensure);
        part.Add("name", string.Equals(plugin.Name, ConfiguredPlugin.DefaultName, StringComparison.Ordinal) ? null : plugin.Name);
        part.Add("mode", plugin.Mode?.ToString());
        part.Add("version", plugin.Version);
        part.Add("host", plugin.Host);
        part.Add("stateDirectory", plugin.StateDirectory);
        part.Add("mountRoot", plugin.MountRoot);
        part.Add("dataDirectory", plugin.DataDirectory);
        part.Add("onlineGrowth", plugin.OnlineGrowth);
        return part.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredNetwork network)
    {
        var part = new DocumentBuilder();
        part.Add("name", network.Name);
        part.Add(network.Ensure);
        part.Add("driver", network.Driver);
        part.Add("internal", network.Internal);
        part.Add("labels", Map(network.Labels));
        return part.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredDockerVolume volume, string driver)
    {
        var part = new DocumentBuilder();
        part.Add("name", volume.Name);
        part.Add(volume.Ensure);
        part.Add("driver", string.Equals(volume.Driver, driver, StringComparison.Ordinal) ? null : volume.Driver);
        part.Add("options", Map(volume.Options));
        part.Add("labels", Map(volume.Labels));
        return part.Build();
    }

    /// <summary>Writes a container.</summary>
    public static IReadOnlyDictionary<string, object> Write(ConfiguredContainer container)
    {
        var part = new DocumentBuilder();
        part.Add("name", container.Name);
        part.Add(container.Ensure);
        part.Add("image", container.Image.Length > 0 ? container.Image : null);
        part.Add("state", container.State == ContainerState.Running ? null : container.State.ToString());
        part.Add("command", Texts(container.Command));
        part.Add("entrypoint", Texts(container.EntryPoint));
        part.Add("user", container.User);
        part.Add("workingDir", container.WorkingDirectory);
        part.Add("hostname", container.HostName);
        part.Add("environmentFile", Texts(container.EnvironmentFiles));
        part.Add("environment", container.Environment is { } environment ? Ordered(environment, Write) : null);
        part.Add("mounts", List(container.Mounts, Write, evenEmpty: true));
        part.Add("ports", Texts(container.Ports?.Select(port => port.ToString())));
        part.Add("network", container.Network);
        part.Add("restart", container.Restart?.ToString());
        part.Add("health", container.Health is { } health ? Write(health) : null);
        part.Add("waitHealthy", Time(container.WaitHealthy));
        part.Add("dependsOn", container.DependsOn.Count > 0 ? Texts(container.DependsOn) : null);
        part.Add("stopTimeout", Time(container.StopTimeout));
        ContainerSettingsWriter.AddTo(part, container.Settings);
        part.Add("recreate", container.Recreate ? true : null);
        part.Add("labels", Map(container.Labels));
        return part.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(HealthCheck health)
    {
        var part = new DocumentBuilder();
        part.Add("test", health.Test is { Count: 1 } ? "none" : Texts(health.Test));
        part.Add("interval", Time(health.Interval));
        part.Add("timeout", Time(health.Timeout));
        part.Add("startPeriod", Time(health.StartPeriod));
        part.Add("retries", health.Retries);
        return part.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ContainerMount mount)
    {
        var part = new DocumentBuilder();
        part.Add(mount.Type switch { "volume" => "volume", "image" => "image", _ => "source" }, mount.Source);
        part.Add("target", mount.Target);
        part.Add("readOnly", mount.ReadOnly ? true : null);
        part.Add("noCopy", mount.NoCopy ? true : null);
        part.Add("subPath", mount.SubPath);
        return part.Build();
    }

    private static object Write(EnvironmentValue value)
    {
        if (value.Text is { } text)
        {
            return text;
        }

        var part = new DocumentBuilder();
        part.Add("file", value.File);
        part.Add("secret", value.Secret);
        return part.Build();
    }

    private static string? Time(TimeSpan? time) => time switch
    {
        { } value when value < TimeSpan.Zero => DockerReader.Unlimited,
        { } value => DurationText.Write(value),
        null => null,
    };

    private static List<object>? Texts(IEnumerable<string>? texts) => texts?.Cast<object>().ToList();

    private static List<object>? List<T>(IReadOnlyList<T>? items, Func<T, object> write, bool evenEmpty = false) =>
        items is null || (items.Count == 0 && !evenEmpty) ? null : items.Select(write).ToList();

    private static IReadOnlyDictionary<string, object>? Map(IReadOnlyDictionary<string, string>? map) => map is null ? null : Ordered(map, value => value);

    private static IReadOnlyDictionary<string, object> Ordered<T>(IReadOnlyDictionary<string, T> map, Func<T, object> write)
    {
        var part = new DocumentBuilder();
        foreach (var pair in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            part.Add(pair.Key, write(pair.Value));
        }

        return part.Build();
    }
}
