namespace HedvigStorage.Hosting;

/// <summary>Where a plugin host has its files unless it is told otherwise.</summary>
internal static class PluginPaths
{
    /// <summary>The folder of everything that outlives the machine's restart.</summary>
    public const string DataRoot = "/var/lib/hedvigstorage";

    public static string Socket(string name) => Path.Combine("/run/docker/plugins", name + ".sock");

    public static string State(string name) => Path.Combine(DataRoot, name, "state");

    public static string Mounts(string name) => Path.Combine(DataRoot, name, "mounts");
}
