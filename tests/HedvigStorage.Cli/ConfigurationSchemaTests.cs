using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Tests;

public sealed class ConfigurationSchemaTests
{
    [Fact]
    public void The_schema_that_editors_use_is_the_one_that_follows_from_the_tables_of_members()
    {
        var made = DocumentJson.Write(ConfigurationSchema.Make(), indented: true) + "\n";
        var kept = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.schema.json"));
        var aside = Path.Combine(AppContext.BaseDirectory, "configuration.schema.made.json");
        File.WriteAllText(aside, made);

        Assert.True(
            string.Equals(made, kept, StringComparison.Ordinal),
            $"docs/configuration.schema.json is out of date: put {aside} in its place.");
    }
}
