using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>A saved plan is carried out exactly, or not at all; an export of what is there has nothing to do.</summary>
public sealed class SavedPlanTests : IAsyncLifetime
{
    private const string Site =
        """{ "name": "site", "volumes": [ { "name": "first", "size": "16MB" }, { "name": "second", "size": "16MB" } ] }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-saved-").FullName;
    private ClusterProcess _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterProcess.StartAsync();

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_saved_plan_is_carried_out_and_is_stale_afterwards()
    {
        Write("site.json", Site);
        (await HvAsync("plan", "site.json", "--out", "saved.plan")).Expect(2);
        Assert.Equal("600\n", (await Programs.RunAsync("stat", _folder, environment: null, "-c", "%a", "saved.plan")).Expect(0).Output);
        var printed = JsonNode.Parse((await HvAsync("plan", "site.json", "--json")).Expect(2).Output)!;
        var saved = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "saved.plan")))!;
        printed["timestamp"] = saved["timestamp"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(printed, saved));

        // The same file by another path is the same document.
        (await HvAsync("apply", Path.Combine(_folder, "site.json"), "--plan", "saved.plan")).Expect(0);
        Assert.NotNull(await _cluster.FindVolumeAsync("second"));
        AssertStale(await HvAsync("apply", "site.json", "--plan", "saved.plan"), "vanished: volume.first, volume.second");
        Assert.Equal(["saved.plan", "site.json"], FileNames());
    }

    [Fact]
    public async Task A_plan_that_has_become_another_is_refused_with_what_differs_and_changes_nothing()
    {
        Write("site.json", Site.Replace("16MB", "32MB", StringComparison.Ordinal));
        (await HvAsync("plan", "site.json", "--out", "saved.plan")).Expect(2);
        Write("other.json", """{ "volumes": [ { "name": "first", "size": "16MB", "description": "other" } ] }""");
        (await HvAsync("apply", "other.json")).Expect(0);
        Write(
            "site.json",
            Site.Replace("16MB", "32MB", StringComparison.Ordinal).Replace("\"second\"", "\"third\"", StringComparison.Ordinal));
        AssertStale(
            await HvAsync("apply", "site.json", "--plan", "saved.plan"),
            "appeared: volume.third",
            "vanished: volume.second",
            "changed: volume.first");
        Assert.Null(await _cluster.FindVolumeAsync("third"));
    }

    [Fact]
    public async Task A_plan_keeps_its_options_and_asks_for_the_same_consent()
    {
        Write("site.json", Site);
        (await HvAsync("apply", "site.json")).Expect(0);
        Write("site.json", """{ "name": "site", "volumes": [ { "name": "first", "size": "16MB" } ] }""");
        Assert.Contains(
            "1 object that this document made and no longer describes: volume/second; --prune removes them.",
            (await HvAsync("plan", "site.json")).Expect(0).Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "needs: --allow-remove",
            (await HvAsync("plan", "site.json", "--prune", "--out", "saved.plan")).Expect(2).Output,
            StringComparison.Ordinal);
        Assert.Contains("volume/second", (await HvAsync("test", "site.json", "--prune")).Expect(2).Output, StringComparison.Ordinal);
        Assert.Contains(
            "volume/second would be removed",
            (await HvAsync("apply", "site.json", "--plan", "saved.plan")).Expect(1).Errors,
            StringComparison.Ordinal);
        Assert.NotNull(await _cluster.FindVolumeAsync("second"));
        (await HvAsync("apply", "site.json", "--plan", "saved.plan", "--allow-remove")).Expect(0);
        Assert.Null(await _cluster.FindVolumeAsync("second"));
    }

    [Fact]
    public async Task Consent_is_given_by_kind()
    {
        const string Ext4 = """{ "volumes": [ { "name": "first", "size": "512MB", "fileSystem": "Ext4" } ] }""";
        var xfs = Ext4.Replace("Ext4", "Xfs", StringComparison.Ordinal);
        Write("site.json", Ext4);
        (await HvAsync("apply", "site.json")).Expect(0);
        Write("site.json", xfs);
        Assert.Contains("volume/first would be replaced", (await HvAsync("apply", "site.json")).Expect(1).Errors, StringComparison.Ordinal);
        Assert.Contains(
            "volume/first would be replaced",
            (await HvAsync("apply", "site.json", "--allow-replace", "container,network")).Expect(1).Errors,
            StringComparison.Ordinal);
        (await HvAsync("apply", "--allow-replace", "volume", "site.json")).Expect(0);
        (await HvAsync("plan", "site.json")).Expect(0);
        Write("site.json", Ext4);
        (await HvAsync("apply", "--allow-replace", "site.json")).Expect(0);
    }

    [Theory]
    [InlineData("{}", "is not a plan")]
    [InlineData("[]", "is not a plan")]
    [InlineData("nothing", "is not a plan")]
    [InlineData("""{ "format_version": "2.0" }""", "format version '2.0'")]
    [InlineData("""{ "format_version": "1.2" }""", "is not a plan")]
    [InlineData(
        """{ "format_version": "1.2", "hedvigstorage": { "fingerprint": "x", "source": "other.json", "options": { "prune": false } } }""",
        "of the document 'other.json'")]
    [InlineData("""{ "format_version": "1.2", "hedvigstorage": { "fingerprint": "x", "source": "site.json", "document": "other", "options": { "prune": false } } }""", "named 'other'")]
    public async Task What_is_not_a_plan_of_the_document_is_one_error_and_changes_nothing(string plan, string expected)
    {
        Write("site.json", Site);
        Write("saved.plan", plan);
        var ended = (await HvAsync("apply", "site.json", "--plan", "saved.plan")).Expect(1);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Null(await _cluster.FindVolumeAsync("first"));
    }

    [Fact]
    public async Task A_plan_that_cannot_be_saved_is_one_error_and_leaves_no_half_file()
    {
        Write("site.json", Site);
        Assert.Contains(
            "cannot be written",
            (await HvAsync("plan", "site.json", "--out", "nowhere/saved.plan")).Expect(1).Errors,
            StringComparison.Ordinal);
        Assert.Equal(["site.json"], FileNames());
    }

    [Fact]
    public async Task An_export_has_nothing_to_do_and_is_the_same_twice()
    {
        Write("site.json", """{ "policies": [ { "name": "gold", "replicationFactor": 2 } ], "volumes": [ { "name": "first", "size": "16MB", "policy": "gold", "protect": true } ], "snapshots": [ { "volume": "first", "name": "before" } ] }""");
        (await HvAsync("apply", "site.json")).Expect(0);
        var first = (await HvAsync("export")).Expect(0).Output;
        Assert.Equal(first, (await HvAsync("export")).Expect(0).Output);
        Write("export.json", first);
        Assert.Contains("Nothing to do", (await HvAsync("plan", "export.json")).Expect(0).Output, StringComparison.Ordinal);

        (await HvAsync("export", "--name", "taken", "--out", "named.json")).Expect(0);
        Assert.Equal("600\n", (await Programs.RunAsync("stat", _folder, environment: null, "-c", "%a", "named.json")).Expect(0).Output);
        var plan = JsonNode.Parse((await HvAsync("plan", "named.json", "--json")).Expect(2).Output)!;
        Assert.All(plan["hedvigstorage"]!["steps"]!.AsArray(), step => Assert.Equal("adopt", step!["action"]!.GetValue<string>()));
        (await HvAsync("apply", "named.json")).Expect(0);
        (await HvAsync("test", "named.json")).Expect(0);
    }

    private static void AssertStale(Ended ended, params string[] expected)
    {
        _ = ended.Expect(1);
        Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("is stale", ended.Errors, StringComparison.Ordinal);
        Assert.All(expected, part => Assert.Contains(part, ended.Errors, StringComparison.Ordinal));
    }

    private string[] FileNames()
    {
        var names = Array.ConvertAll(Directory.GetFiles(_folder), file => Path.GetFileName(file));
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

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
