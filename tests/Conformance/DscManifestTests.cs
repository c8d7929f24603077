using System.Text.Json.Nodes;
using HedvigStorage.Conformance.Dsc;

namespace HedvigStorage.Conformance;

/// <summary>What lies beside hv for DSC to find.</summary>
public sealed class DscManifestTests
{
    private static readonly string[] Names =
    [
        "HedvigStorage/Configuration", "HedvigStorage/Policy", "HedvigStorage/Volume", "HedvigStorage/VolumeList",
        "HedvigStorage/Snapshot", "HedvigStorage/DockerPlugin", "HedvigStorage/Container",
    ];

    public static TheoryData<string> Types { get; } = [.. Names];

    [Fact]
    public void There_is_a_manifest_for_each_resource_and_no_other() =>
        Assert.Equal(
            Names.Order(StringComparer.Ordinal),
            DscManifest.Files.Select(file => JsonNode.Parse(File.ReadAllText(file))!["type"]!.GetValue<string>())
                .Order(StringComparer.Ordinal));

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public async Task A_manifest_is_as_the_schema_of_DSC_says(string type)
    {
        Skip.If(JsonSchemas.Missing is not null, JsonSchemas.Missing);
        var manifest = DscManifest.Load(type).Root;
        Assert.Equal(string.Empty, await JsonSchemas.ErrorsAsync(JsonSchemas.Manifest, manifest));
        var broken = manifest.DeepClone();
        broken["get"] = new JsonObject();
        Assert.NotEqual(string.Empty, await JsonSchemas.ErrorsAsync(JsonSchemas.Manifest, broken));
    }

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public async Task The_schema_of_an_instance_is_a_JSON_Schema_and_refuses_what_is_not_an_instance(string type)
    {
        Skip.If(JsonSchemas.Missing is not null, JsonSchemas.Missing);
        var schema = await DscManifest.Load(type).SchemaAsync();
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema["$schema"]!.GetValue<string>());
        Assert.NotEqual(string.Empty, await JsonSchemas.ErrorsAsync(schema, JsonNode.Parse("""{ "nonsense": 1 }""")!));
        Assert.NotEqual(string.Empty, await JsonSchemas.ErrorsAsync(schema, JsonNode.Parse("""{ "connection": { "password": "x" } }""")!));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_manifest_has_the_version_of_the_program(string type)
    {
        var version = (await Programs.HvAsync("/", "--version")).Expect(0).Output.Trim();
        Assert.StartsWith(DscManifest.Load(type).Root["version"]!.GetValue<string>(), version, StringComparison.Ordinal);
    }
}
