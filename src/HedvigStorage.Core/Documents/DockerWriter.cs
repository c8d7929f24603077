using System;
using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>Writes the Docker part of a document, which <see cref="DockerReader"/> reads again. What is the default is left out.</summary>
internal static class DockerWriter
{
    /// <summary>Makes ordered dictionaries, lists and plain values.</summary>
    public static Dictionary<string, object> Write(DockerConfiguration docker)
    {
        var part = New();
        Add(part, "optional", docker.Optional ? true : null);
        Add(part, "plugin", docker.Plugin is { } plugin ? Write(plugin) : null);
        Add(part, "networks", List(docker.Networks, Write));
        Add(part, "volumes", List(docker.Volumes, volume => Write(volume, docker.DriverName)));
        Add(part, "containers", List(docker.Containers, Write));
        return part;
    }

    private static Dictionary<string, object> Write(ConfiguredPlugin plugin)
    {
        var part = New();
        Add(part, "ensure", Word(plugin.Ensure));
        Add(part, "name", string.Equals(plugin.Name, ConfiguredPlugin.DefaultName, StringComparison.Ordinal) ? null : plugin.Name);
        Add(part, "mode", plugin.Mode?.ToString());
        Add(part, "version", plugin.Version);
        Add(part, "host", plugin.Host);
        Add(part, "stateDirectory", plugin.StateDirectory);
        Add(part, "mountRoot", plugin.MountRoot);
        Add(part, "dataDirectory", plugin.DataDirectory);
        return part;
    }

    private static Dictionary<string, object> Write(ConfiguredNetwork network)
    {
        var part = New();
        part["name"] = network.Name;
        Add(part, "ensure", Word(network.Ensure));
        Add(part, "driver", network.Driver);
        Add(part, "internal", network.Internal);
        Add(part, "labels", Map(network.Labels));
        return part;
    }

    private static Dictionary<string, object> Write(ConfiguredDockerVolume volume, string driver)
    {
        var part = New();
        part["name"] = volume.Name;
        Add(part, "ensure", Word(volume.Ensure));
        Add(part, "driver", string.Equals(volume.Driver, driver, StringComparison.Ordinal) ? null : volume.Driver);
        Add(part, "options", Map(volume.Options));
        Add(part, "labels", Map(volume.Labels));
        return part;
    }

    private static Dictionary<string, object> Write(ConfiguredContainer container)
    {
        var part = New();
        part["name"] = container.Name;
        Add(part, "ensure", Word(container.Ensure));
        Add(part, "image", container.Image.Length > 0 ? container.Image : null);
        Add(part, "state", container.State == ContainerState.Running ? null : container.State.ToString());
        Add(part, "command", Texts(container.Command));
        Add(part, "entrypoint", Texts(container.EntryPoint));
        Add(part, "user", container.User);
        Add(part, "workingDir", container.WorkingDirectory);
        Add(part, "hostname", container.HostName);
        Add(part, "environmentFile", Texts(container.EnvironmentFiles));
        Add(part, "environment", container.Environment is { } environment ? Ordered(environment, Write) : null);
        Add(part, "mounts", List(container.Mounts, Write, evenEmpty: true));
        Add(part, "ports", Texts(container.Ports?.Select(port => port.ToString())));
        Add(part, "network", container.Network);
        Add(part, "restart", container.Restart?.ToString());
        Add(part, "health", container.Health is { } health ? Write(health) : null);
        Add(part, "waitHealthy", Time(container.WaitHealthy));
        Add(part, "dependsOn", container.DependsOn.Count > 0 ? Texts(container.DependsOn) : null);
        Add(part, "stopTimeout", Time(container.StopTimeout));
        Add(part, "recreate", container.Recreate ? true : null);
        Add(part, "labels", Map(container.Labels));
        return part;
    }

    private static Dictionary<string, object> Write(HealthCheck health)
    {
        var part = New();
        Add(part, "test", health.Test is { Count: 1 } ? "none" : Texts(health.Test));
        Add(part, "interval", Time(health.Interval));
        Add(part, "timeout", Time(health.Timeout));
        Add(part, "startPeriod", Time(health.StartPeriod));
        Add(part, "retries", health.Retries);
        return part;
    }

    private static Dictionary<string, object> Write(ContainerMount mount)
    {
        var part = New();
        part[mount.Driver is null ? "source" : "volume"] = mount.Source;
        part["target"] = mount.Target;
        Add(part, "readOnly", mount.ReadOnly ? true : null);
        return part;
    }

    private static object Write(EnvironmentValue value)
    {
        if (value.Text is { } text)
        {
            return text;
        }

        var part = New();
        Add(part, "file", value.File);
        Add(part, "secret", value.Secret);
        return part;
    }

    private static Dictionary<string, object> New() => new(StringComparer.Ordinal);

    private static void Add(Dictionary<string, object> part, string name, object? value)
    {
        if (value is not null)
        {
            part[name] = value;
        }
    }

    private static string? Word(Ensure ensure) => ensure == Ensure.Present ? null : ensure.ToString();

    private static string? Time(TimeSpan? time) => time is { } value ? DurationText.Write(value) : null;

    private static List<object>? Texts(IEnumerable<string>? texts) => texts?.Cast<object>().ToList();

    private static List<object>? List<T>(IReadOnlyList<T>? items, Func<T, object> write, bool evenEmpty = false) =>
        items is null || (items.Count == 0 && !evenEmpty) ? null : items.Select(write).ToList();

    private static Dictionary<string, object>? Map(IReadOnlyDictionary<string, string>? map) => map is null ? null : Ordered(map, value => value);

    private static Dictionary<string, object> Ordered<T>(IReadOnlyDictionary<string, T> map, Func<T, object> write)
    {
        var part = New();
        foreach (var pair in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            part[pair.Key] = write(pair.Value);
        }

        return part;
    }
}
