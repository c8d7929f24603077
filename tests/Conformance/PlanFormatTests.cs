using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HedvigStorage.Conformance;

/// <summary>What docs/plan-format.md says, with its own examples.</summary>
public sealed partial class PlanFormatTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-plan-").FullName;
    private ClusterProcess _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterProcess.StartAsync();

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task The_examples_with_jq_tell_what_is_destroyed_and_what_needs_consent()
    {
        Skip.If(!Programs.Exists("jq"), "jq is not installed");
        var plan = await PlanAsync();
        var filters = Filters().Matches(await DocumentAsync()).Select(match => match.Groups["text"].Value).ToArray();
        Assert.Equal(2, filters.Length);
        Assert.Equal("volume.pgdata\nvolume.old\n", await JqAsync(filters[0], plan));
        Assert.Equal("volume.pgdata needs --allow-replace: All data of the volume is lost.\n", await JqAsync(filters[1], plan));
    }

    [Fact]
    public async Task A_plan_has_the_members_that_the_document_shows_and_no_others()
    {
        var plan = JsonNode.Parse(await File.ReadAllTextAsync(await PlanAsync()))!;
        var shown = JsonNode.Parse(JsonBlock().Match(await DocumentAsync()).Groups["text"].Value)!;
        Assert.Equal(Names(shown), Names(plan));
        Assert.Equal(Names(shown["hedvigstorage"]!), Names(plan["hedvigstorage"]!));
        Assert.Equal(Names(shown["hedvigstorage"]!["steps"]![0]!), Names(plan["hedvigstorage"]!["steps"]![0]!));
        Assert.Equal(Names(shown["resource_changes"]![0]!), Names(plan["resource_changes"]![0]!));
        Assert.Equal(Names(shown["resource_changes"]![0]!["change"]!), Names(plan["resource_changes"]![0]!["change"]!));
        Assert.Equal(shown["hedvigstorage_version"]!.GetValue<string>(), plan["hedvigstorage_version"]!.GetValue<string>());
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);

    private static Task<string> DocumentAsync() => File.ReadAllTextAsync(Path.Combine(Programs.RepositoryRoot, "docs", "plan-format.md"));

    private static async Task<string> JqAsync(string filter, string file) =>
        (await Programs.RunAsync("jq", "/", environment: null, "-r", filter, file)).Expect(0).Output;

    [GeneratedRegex("^jq -r '(?<text>.*)'$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Filters();

    [GeneratedRegex(
        "```json\n(?<text>\\{\n.*?\n\\})\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();

    private async Task<string> PlanAsync()
    {
        var file = Path.Combine(_folder, "site.json");
        await File.WriteAllTextAsync(
            file, """{ "name": "site", "volumes": [ { "name": "pgdata", "size": "16MB" }, { "name": "old", "size": "16MB" } ] }""");
        (await HvAsync("apply", file)).Expect(0);
        await File.WriteAllTextAsync(file, """{ "name": "site", "volumes": [ { "name": "pgdata", "size": "16MB", "type": "File" }, { "name": "old", "ensure": "Absent" } ] }""");
        var plan = Path.Combine(_folder, "plan.json");
        await File.WriteAllTextAsync(plan, (await HvAsync("plan", file, "--json")).Expect(2).Output);
        return plan;
    }

    private Task<Ended> HvAsync(params string[] arguments) => Programs.RunAsync(
        Programs.Path("hv"),
        _folder,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HV_CLUSTER"] = $"http://{_cluster.Node}",
            ["HV_CREDENTIAL_FILE"] = _cluster.CredentialFile,
        },
        arguments);
}
