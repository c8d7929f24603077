using System.Text.Json;
using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

public sealed class ConfigurationSchemaTests
{
    // No known key is near it, so the error lists them all.
    private const string Unknown = "zzzzzzzzzzzzzzzzzzzzzzzzzzzz";

    [Theory]
    [InlineData("policy", "{ 'policies': [ { 'name': 'a', '?': 1 } ] }")]
    [InlineData("volume", "{ 'volumes': [ { 'name': 'a', '?': 1 } ] }")]
    [InlineData("snapshot", "{ 'snapshots': [ { 'name': 'a', 'volume': 'b', '?': 1 } ] }")]
    [InlineData("access", "{ 'access': [ { 'volume': 'a', 'target': 't', 'type': 'ip', 'address': '10.0.0.1', '?': 1 } ] }")]
    [InlineData("snapshotSchedule", "{ 'policies': [ { 'name': 'a', 'snapshotSchedule': { '?': 1 } } ] }")]
    [InlineData("docker", "{ 'docker': { '?': 1 } }")]
    [InlineData("plugin", "{ 'docker': { 'plugin': { '?': 1 } } }")]
    [InlineData("container", "{ 'docker': { 'containers': [ { 'name': 'a', '?': 1 } ] } }")]
    [InlineData("network", "{ 'docker': { 'networks': [ { 'name': 'a', '?': 1 } ] } }")]
    [InlineData("dockerVolume", "{ 'docker': { 'volumes': [ { 'name': 'a', '?': 1 } ] } }")]
    [InlineData("health", "{ 'docker': { 'containers': [ { 'name': 'a', 'health': { '?': 1 } } ] } }")]
    [InlineData("environmentValue", "{ 'docker': { 'containers': [ { 'name': 'a', 'environment': { 'A': { 'file': 'f', '?': 1 } } } ] } }")]
    [InlineData("mount", "{ 'docker': { 'containers': [ { 'name': 'a', 'mounts': [ { 'target': '/a', '?': 1 } ] } ] } }")]
    public void The_schema_has_the_keys_that_the_reader_knows(string definition, string document)
    {
        var error = Assert.Throws<ConfigurationException>(
            () => Document.Read(document.Replace('\'', '"').Replace("?", Unknown, StringComparison.Ordinal)));
        var known = error.Errors.Single(line => line.Contains("Known are: ", StringComparison.Ordinal)).Split("Known are: ")[1].TrimEnd('.')
            .Split(", ");
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.schema.json")));
        var keys = schema.RootElement.GetProperty("$defs").GetProperty(definition).GetProperty("properties").EnumerateObject()
            .Select(property => property.Name);
        Assert.Equal(keys.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }
}
