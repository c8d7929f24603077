namespace HedvigStorage.Documents;

/// <summary>Writes a configuration as a document, which <see cref="ConfigurationReader"/> reads again.</summary>
public static class ConfigurationWriter
{
    /// <summary>Makes a document: dictionaries in the order of the schema, lists and plain values, which become JSON or a PowerShell data file. What is not specified is left out.</summary>
    /// <param name="configuration">The configuration.</param>
    public static IReadOnlyDictionary<string, object> Write(Configuration configuration)
    {
        var document = new DocumentBuilder();
        document.Add("name", configuration.Name);
        document.Add("policies", configuration.Policies.Select(Write));
        document.Add("volumes", configuration.Volumes.Select(Write));
        document.Add("snapshots", configuration.Snapshots.Select(Write));
        document.Add("access", configuration.Access.Select(Write));
        document.Add("docker", configuration.Docker is { } docker ? DockerWriter.Write(docker) : null);
        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredPolicy policy)
    {
        var document = new DocumentBuilder();
        document.Add("name", policy.Name);
        document.Add(policy.Ensure);
        document.Add("description", policy.Description);
        document.Add(policy.Attributes);
        if (policy.SnapshotSchedule is { } schedule)
        {
            var parts = new DocumentBuilder();
            parts.Add("hourly", schedule.Hourly);
            parts.Add("daily", schedule.Daily);
            parts.Add("weekly", schedule.Weekly);
            document.Add("snapshotSchedule", parts.Build());
        }

        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredVolume volume)
    {
        var document = new DocumentBuilder();
        document.Add("name", volume.Name);
        document.Add(volume.Ensure);
        document.Add("size", volume.Size?.ToString());
        document.Add("type", volume.Type?.ToString());
        document.Add("policy", volume.Policy);
        document.Add(volume.Attributes);
        document.Add("fileSystem", volume.FileSystem?.ToString());
        document.Add("uid", volume.Uid);
        document.Add("gid", volume.Gid);
        document.Add("mode", volume.Mode is { } mode ? PermissionBits.Format(mode) : null);
        document.Add("protect", volume.Protect);
        document.Add("takeover", volume.Takeover?.ToString());
        document.Add("description", volume.Description);
        document.Add("from", volume.From);
        document.Add("snapshot", volume.Snapshot);
        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredSnapshot snapshot)
    {
        var document = new DocumentBuilder();
        document.Add("volume", snapshot.Volume);
        document.Add("name", snapshot.Name);
        document.Add(snapshot.Ensure);
        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConfiguredAccess access)
    {
        var document = new DocumentBuilder();
        document.Add("volume", access.Volume);
        document.Add("target", access.Target);
        document.Add("type", access.Type.ToString());
        document.Add("address", access.Address);
        document.Add("mapped", access.Mapped ? null : false);
        document.Add(access.Ensure);
        return document.Build();
    }
}
