using System.Collections.Generic;

namespace HedvigStorage.Documents;

/// <summary>Writes a configuration as a document, which <see cref="ConfigurationReader"/> reads again.</summary>
public static class ConfigurationWriter
{
    /// <summary>Makes a document: ordered dictionaries, lists and plain values, which become JSON or a PowerShell data file.</summary>
    /// <param name="configuration">The configuration.</param>
    public static IReadOnlyDictionary<string, object> Write(Configuration configuration) =>
        throw new ClusterException(ErrorCode.Unsupported, $"{configuration.Source} cannot be written yet.");
}
