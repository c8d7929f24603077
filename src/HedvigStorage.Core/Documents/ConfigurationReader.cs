namespace HedvigStorage.Documents;

/// <summary>Reads a configuration from a document, and says everything that is wrong with it.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a configuration.</summary>
    /// <param name="document">Dictionaries, lists and plain values.</param>
    /// <param name="source">The document's name, for messages.</param>
    /// <exception cref="ConfigurationException">The document is not a configuration.</exception>
    public static Configuration Read(object? document, string source)
    {
        var errors = new List<string>();
        var configuration = ConfigurationTable.Configuration.Read(new DocumentNode(document, "$", errors))! with { Source = source };
        if (errors.Count == 0)
        {
            errors.AddRange(ConfigurationRules.Check(configuration));
        }

        return errors.Count == 0 ? configuration : throw new ConfigurationException(source, errors);
    }
}
