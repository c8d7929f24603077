using HedvigStorage.Files;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Mounts;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// The name by which this host holds leases. It outlives a new name of the machine, and one that is given in another way, while volumes are
/// held here: under another name their leases would be another host's, so what their containers write would be stopped.
/// </summary>
internal static class LeaseName
{
    private const string FileName = "host";

    /// <summary>Finds the name to go by, and keeps it.</summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <param name="given">The name that is wanted.</param>
    /// <param name="table">The volumes that are held here.</param>
    /// <param name="log">Where it is said that the name stays.</param>
    public static string Settle(string stateDirectory, string given, MountTable table, ILogger log)
    {
        var path = Path.Combine(stateDirectory, FileName);
        var known = File.Exists(path) ? File.ReadAllText(path).Trim() : string.Empty;
        if (string.Equals(known, given, StringComparison.Ordinal))
        {
            return given;
        }

        if (known.Length > 0 && table.All.Any())
        {
            PluginLog.NameKept(log, known, given);
            return known;
        }

        DurableFile.Write(path, Encoding.UTF8.GetBytes(given), DurableFile.OwnerOnly);
        return given;
    }
}
