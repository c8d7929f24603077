using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>
/// Every listing and plan × volumes that were made by hand and by other tools: each is told as it is, and no plan or export loses one.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class OriginTests(OriginFixture origins) : IClassFixture<OriginFixture>
{
    public static TheoryData<string> Origins => [.. OriginFixture.Origins];

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task The_cluster_lists_it_with_its_size(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        using var cluster = origins.Site.Cluster();
        var listed = (await cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None)).Items.Single(
            volume => volume.Name == origins[origin].Name);
        Assert.Equal(origins[origin].Size, new ByteSize(listed.Size).ToString());
        Assert.Equal(
            listed with { Labels = ObjectLabels.None },
            (await cluster.FindVolumeAsync(listed.Name, CancellationToken.None))! with { Labels = ObjectLabels.None });
    }

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task Docker_and_Podman_list_and_inspect_it(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        var (name, size) = origins[origin];
        Assert.Contains(
            name,
            (await origins.Site.DockerAsync("volume", "ls", "-q", "-f", "driver=" + origins.Site.Driver)).Expect(0).Output.Split('\n'));
        var inspected = (await origins.Site.DockerAsync("volume", "inspect", "-f", "{{.Driver}} {{json .Status}}", name)).Expect(0).Output;
        Assert.Contains(origins.Site.Driver, inspected, StringComparison.Ordinal);
        Assert.Contains($"\"{size}\"", inspected, StringComparison.Ordinal);
        (await origins.Podman.RunAsync("volume", "reload")).Expect(0);
        Assert.Contains(name, (await origins.Podman.RunAsync("volume", "ls", "-q")).Expect(0).Output.Split('\n'));
    }

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task An_export_has_it_and_applied_again_changes_nothing(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        var exported = (await origins.Site.HvAsync("export")).Expect(0).Output;
        var volume = JsonNode.Parse(exported)!["volumes"]!.AsArray()
            .Single(item => item!["name"]!.GetValue<string>() == origins[origin].Name)!;
        Assert.Equal(origins[origin].Size, volume["size"]!.GetValue<string>());
        var alone = new JsonObject { ["volumes"] = new JsonArray(volume.DeepClone()) };
        Assert.Contains("As desired", (await origins.Site.TestAsync(alone.ToJsonString())).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to do", (await origins.Site.PlanAsync(exported)).Expect(0).Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task A_container_that_mounts_it_is_exported_with_it_and_a_plan_of_that_has_nothing_to_do(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        var exported = JsonNode.Parse((await origins.Site.HvAsync(["export", "--containers", "--environment", .. origin is "document" ? ["--name", "site"] : System.Array.Empty<string>()])).Expect(0).Output)!;
        var docker = exported["docker"]!;
        Assert.Equal(origins.Site.Driver, docker["plugin"]!["name"]!.GetValue<string>());
        var container = docker["containers"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == origins.ContainerOf(origin))!;
        var mount = container["mounts"]!.AsArray().Single(item => item!["volume"]?.GetValue<string>() == origins[origin].Name)!;
        Assert.DoesNotMatch("/$", mount["target"]!.GetValue<string>());
        var alone = new JsonObject
        {
            ["name"] = origin is "document" ? "site" : null,
            ["docker"] = new JsonObject
            {
                ["plugin"] = docker["plugin"]!.DeepClone(),
                ["networks"] = docker["networks"]?.DeepClone(),
                ["volumes"] = docker["volumes"]?.DeepClone(),
                ["containers"] = new JsonArray(container.DeepClone()),
            },
        };
        foreach (var part in new[] { alone, alone["docker"]!.AsObject() })
        {
            foreach (var name in part.Where(member => member.Value is null).Select(member => member.Key).ToArray())
            {
                _ = part.Remove(name);
            }
        }

        Assert.Contains("As desired", (await origins.Site.TestAsync(alone.ToJsonString())).Expect(0).Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task A_plan_that_names_it_by_its_size_alone_neither_replaces_nor_shrinks_it(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        var (name, size) = origins[origin];
        Assert.Contains("Nothing to do", (await PlanAsync(size)).Expect(0).Output, StringComparison.Ordinal);
        var grown = (await PlanAsync("2GB")).Expect(2).Output;
        Assert.Contains($"~ grow volume/{name}", grown, StringComparison.Ordinal);
        Assert.DoesNotContain("DATA IS LOST", grown, StringComparison.Ordinal);
        Assert.Contains("never shrinks", (await PlanAsync("16MB")).Expect(1).Errors, StringComparison.Ordinal);

        // That of a document is described in its own.
        Task<Ended> PlanAsync(string wanted) =>
            origins.Site.PlanAsync($$"""{ {{(origin is "document" ? "\"name\": \"site\", " : string.Empty)}}"volumes": [ { "name": "{{name}}", "size": "{{wanted}}" } ] }""");
    }

    [SkippableTheory]
    [MemberData(nameof(Origins))]
    public async Task A_plan_of_another_document_that_prunes_leaves_it(string origin)
    {
        Skip.If(origins.Missing is not null, origins.Missing);
        var plan = (await origins.Site.PlanAsync("""{ "name": "another", "volumes": [ ] }""", "--prune")).Expect(0).Output;
        Assert.DoesNotContain(origins[origin].Name, plan, StringComparison.Ordinal);
    }
}
