using System.Text.Json;
using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>What documents say of objects of a Docker Engine is compared with what is there, member by member.</summary>
public sealed class EnginePropertyTests
{
    // Of the document, or of what it does with the object, and not of the object.
    private static readonly string[] Beside = ["dependsOn", "ensure", "name", "recreate"];

    [Fact]
    public void Every_member_of_a_container_has_a_row() =>
        Assert.Equal(
            MembersOf("container"),
            ContainerProperties.All.Select(property => property.Name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_member_of_a_network_has_a_row() =>
        Assert.Equal(MembersOf("network"), NetworkProperties.All.Select(property => property.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void No_row_is_given_twice()
    {
        var names = ContainerProperties.All.Select(property => property.Name).ToArray();
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    private static IEnumerable<string> MembersOf(string definition)
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "configuration.schema.json")));
        return [.. schema.RootElement.GetProperty("$defs").GetProperty(definition).GetProperty("properties").EnumerateObject()
            .Select(property => property.Name)
            .Except(Beside, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
    }
}
