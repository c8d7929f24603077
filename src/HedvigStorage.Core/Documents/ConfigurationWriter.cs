namespace HedvigStorage.Documents;

/// <summary>Writes a configuration as a document, which <see cref="ConfigurationReader"/> reads again.</summary>
public static class ConfigurationWriter
{
    /// <summary>
    /// Makes a document: dictionaries in the order of the schema, lists and plain values, which become JSON or a PowerShell data file. What
    /// is not specified is left out.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    public static IReadOnlyDictionary<string, object> Write(Configuration configuration) =>
        ConfigurationTable.Configuration.Write(configuration);
}
