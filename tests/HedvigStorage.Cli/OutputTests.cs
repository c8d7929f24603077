using System.Text.Json;
using System.Text.RegularExpressions;
using HedvigStorage.Cli.Output;
using HedvigStorage.Planning;
using HedvigStorage.Tests;
using HedvigStorage.Tests.Fakes;
using Spectre.Console;

namespace HedvigStorage.Cli.Tests;

public sealed partial class OutputTests
{
    private const string Desired = """
        { "policies": [ { "name": "gold", "replicationFactor": 3 } ], "volumes": [ { "name": "data", "size": "2GB", "policy": "gold" }, { "name": "old", "ensure": "Absent" }, { "name": "gone", "ensure": "Absent" } ] }
        """;

    private readonly FakeCluster _cluster = new();
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public OutputTests()
    {
        _cluster.Volumes["data"] = new Volume { Name = "data", Size = ByteSize.FromGigabytes(1) };
        _cluster.Volumes["old"] = new Volume { Name = "old", Size = ByteSize.FromGigabytes(1) };
    }

    [Fact]
    public async Task A_plan_in_text_tells_what_why_from_what_to_what_and_that_data_is_lost()
    {
        new PlainText(_output, _errors, TimeProvider.System).Show(await PlanAsync());
        Assert.Equal(
            """
            + create policy/gold: It is not there.
                  replicationFactor: 3
                  note: replicationFactor=3 is recorded as requested; the engine Embedded does not give it.
            ~ grow volume/data: It is smaller than desired.
                  size: 1GB -> 2GB
                  policy: gold
            - remove volume/old: The document makes it absent. DATA IS LOST.
                  cost: All data of the volume is lost.
            Plan: 1 to create, 1 to grow, 1 to remove, 1 as desired.

            """.ReplaceLineEndings("\n"),
            _output.ToString());
    }

    [Theory]
    [InlineData(true, "The cluster in /data was stopped.", ",\"stopped\":true}")]
    [InlineData(false, "No cluster runs in /data.", ",\"stopped\":false}")]
    [InlineData(null, "No cluster runs in /data.", "\"data\":\"/data\"}")]
    public void A_stop_tells_whether_there_was_something_to_stop(bool? stopped, string text, string json)
    {
        var document = new ClusterDocument(
            "cluster",
            Running: false,
            "/data",
            Address: null,
            ProcessId: null,
            Version: null,
            CredentialFile: null,
            Health: null) { Stopped = stopped };
        new PlainText(_output, _errors, TimeProvider.System).Show(document);
        new JsonLines(_output, TimeProvider.System).Show(document);
        var lines = _output.ToString().TrimEnd().Split('\n');
        Assert.Equal(text, lines[0]);
        Assert.EndsWith(json, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_in_JSON_is_one_line_with_a_version_and_every_step()
    {
        new JsonLines(_output, TimeProvider.System).Show(await PlanAsync());
        Assert.Single(_output.ToString().TrimEnd().Split('\n'));
        using var document = JsonDocument.Parse(_output.ToString());
        var root = document.RootElement;
        Assert.Equal(
            ("1.2", true, true, false),
            (
                root.GetProperty("format_version").GetString(),
                root.GetProperty("applyable").GetBoolean(),
                root.GetProperty("complete").GetBoolean(),
                root.GetProperty("errored").GetBoolean()));
        Assert.Equal(
            ["policy.gold create null/object", "volume.data update object/object", "volume.old delete object/null", "volume.gone no-op "
                + "null/null"],
            root.GetProperty("resource_changes").EnumerateArray().Select(Describe));
        var size = root.GetProperty("resource_changes")[1].GetProperty("change");
        Assert.Equal(
            ("1GB", "2GB"),
            (size.GetProperty("before").GetProperty("size").GetString(), size.GetProperty("after").GetProperty("size").GetString()));
        var own = root.GetProperty("hedvigstorage");
        Assert.Equal(64, own.GetProperty("fingerprint").GetString()!.Length);
        Assert.Equal(
            ["policy.gold create False ", "volume.data grow False policy.gold", "volume.old remove True ", "volume.gone none False "],
            own.GetProperty("steps").EnumerateArray().Select(step =>
                $"{step.GetProperty("address").GetString()} {step.GetProperty("action").GetString()} {step.GetProperty("destroysData").GetBoolean()} {string.Join(",", step.GetProperty("dependsOn").EnumerateArray())}"));
    }

    [Fact]
    public async Task What_something_else_has_changed_is_told_as_drift_in_text_and_in_JSON()
    {
        var plan = await PlanNamedAsync(
            """{ "name": "site", "volumes": [ { "name": "data", "size": "1GB", "description": "ours" } ] }""", applied: true);
        Assert.False(plan.HasChanges);
        _cluster.Volumes["data"] = _cluster.Volumes["data"] with { Description = "theirs" };
        plan = await PlanNamedAsync(
            """{ "name": "site", "volumes": [ { "name": "data", "size": "1GB", "description": "ours" } ] }""", applied: false);
        Assert.Contains("      cause: changed outside the document", PlanText.Lines(plan));
        Assert.Contains("volume/data: It differs. (changed outside the document)", PlanText.TestLines(plan));
        using var document = Json(plan);
        var drift = Assert.Single(document.RootElement.GetProperty("resource_drift").EnumerateArray()).GetProperty("change");
        Assert.Equal(
            ("ours", "theirs"),
            (
                drift.GetProperty("before").GetProperty("description").GetString(),
                drift.GetProperty("after").GetProperty("description").GetString()));

        plan = await PlanNamedAsync(
            """{ "name": "site", "volumes": [ { "name": "data", "size": "1GB", "description": "other" } ] }""", applied: false);
        Assert.Contains("      cause: the document changed", PlanText.Lines(plan));
        using var second = Json(plan);
        Assert.Empty(second.RootElement.GetProperty("resource_drift").EnumerateArray());
    }

    [Fact]
    public async Task What_the_document_made_and_no_longer_describes_is_told_and_pruning_asks_for_consent()
    {
        _ = await PlanNamedAsync(
            """{ "name": "site", "volumes": [ { "name": "first", "size": "1GB" }, { "name": "second", "size": "1GB" } ] }""",
            applied: true);
        var plan = await PlanNamedAsync("""{ "name": "site" }""", applied: false);
        Assert.Contains(
            "2 objects that this document made and no longer describes: volume/first, volume/second; --prune removes them.",
            PlanText.Lines(plan));
        using var document = Json(plan);
        Assert.Equal(
            ["volume.first", "volume.second"],
            document.RootElement.GetProperty("hedvigstorage").GetProperty("orphans").EnumerateArray()
                .Select(orphan => orphan.GetProperty("address").GetString()));

        plan = await new Planner(new PlanTargets(_cluster))
            .PlanAsync(Document.Read("""{ "name": "site" }"""), new PlanOptions { Prune = true }, CancellationToken.None);
        Assert.Equal(2, PlanText.Lines(plan).Count(line => string.Equals(line, "      needs: --allow-remove", StringComparison.Ordinal)));
        using var pruning = Json(plan);
        Assert.All(
            pruning.RootElement.GetProperty("resource_changes").EnumerateArray(),
            change => Assert.Equal("delete_because_no_resource_config", change.GetProperty("action_reason").GetString()));
    }

    [Fact]
    public async Task A_replacement_and_an_adoption_are_told_as_Terraform_tells_them()
    {
        var plan = await PlanNamedAsync(
            """{ "name": "site", "volumes": [ { "name": "data", "size": "1GB", "type": "File" }, { "name": "old", "size": "1GB" } ] }""",
            applied: false);
        Assert.Contains("      needs: --allow-replace volume", PlanText.Lines(plan));
        using var document = Json(plan);
        var changes = document.RootElement.GetProperty("resource_changes");
        Assert.Equal(
            ["volume.data delete,create object/object", "volume.old no-op object/object"], changes.EnumerateArray().Select(Describe));
        Assert.Equal("replace_because_cannot_update", changes[0].GetProperty("action_reason").GetString());
        Assert.Equal("""[["type"]]""", changes[0].GetProperty("change").GetProperty("replace_paths").GetRawText());
        Assert.Equal("old", changes[1].GetProperty("change").GetProperty("importing").GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_apply_in_JSON_ends_with_the_counts()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        _ = await new JsonLines(_output, TimeProvider.System).ApplyAsync(await PlanAsync(), new ApplyOptions(), CancellationToken.None);
        var lines = _output.ToString().TrimEnd().Split('\n');
        Assert.All(lines[..^1], line => Assert.Contains("\"type\":\"step\"", line, StringComparison.Ordinal));
        using var result = JsonDocument.Parse(lines[^1]);
        Assert.Equal(
            ("result", false, 1, 1, 1),
            (
                result.RootElement.GetProperty("type").GetString(),
                result.RootElement.GetProperty("succeeded").GetBoolean(),
                result.RootElement.GetProperty("changed").GetInt32(),
                result.RootElement.GetProperty("failed").GetInt32(),
                result.RootElement.GetProperty("skipped").GetInt32()));
    }

    [Fact]
    public async Task What_failed_is_told_on_the_error_stream_with_its_reason_and_what_was_left_out_for_it()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        _ = await new PlainText(_output, _errors, TimeProvider.System)
            .ApplyAsync(await PlanAsync(), new ApplyOptions(), CancellationToken.None);
        Assert.Contains("hv: policy/gold failed: create policy/gold was made to fail.", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "hv: volume/data was left out: not begun: policy/gold did not succeed.", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("Applied 1 of 3 changes", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consent_that_was_given_is_not_asked_for_again()
    {
        var plan = await PlanNamedAsync("""{ "volumes": [ { "name": "data", "size": "1GB", "type": "File" } ] }""", applied: false);
        Assert.Contains("      needs: --allow-replace volume", PlanText.Lines(plan, new ApplyOptions()));
        var lines = PlanText.Lines(plan, new ApplyOptions { AllowReplace = [ResourceKind.Volume] }).ToArray();
        Assert.Contains("      allowed by: --allow-replace volume", lines);
        Assert.DoesNotContain(lines, line => line.Contains("needs:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_one_failure_left_out_is_one_line_and_each_step_that_ended_is_counted()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        var volumes = string.Join(
            ", ", Enumerable.Range(1, 300).Select(number => $$"""{ "name": "v{{number:000}}", "size": "1GB", "policy": "gold" }"""));
        var plan = await PlanNamedAsync(
            $$"""{ "policies": [ { "name": "gold" } ], "volumes": [ {{volumes}}, { "name": "old", "ensure": "Absent" } ] }""",
            applied: false);
        _ = await new PlainText(_output, _errors, TimeProvider.System).ApplyAsync(plan, new ApplyOptions(), CancellationToken.None);
        Assert.Equal(
            ["hv: policy/gold failed: create policy/gold was made to fail.", "hv: volume/v001, volume/v002, "
                + "volume/v003 and 297 more were left out: not begun: policy/gold did not succeed."],
            _errors.ToString().TrimEnd().Split('\n'));
        Assert.Matches(@"(?m)^  policy/gold: failed \([12] of 302\)$", _output.ToString());
        Assert.DoesNotContain("left out", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_hundreds_of_steps_are_one_count_and_those_that_go_on()
    {
        var volumes = string.Join(", ", Enumerable.Range(1, 300).Select(number => $$"""{ "name": "v{{number:000}}", "size": "1GB" }"""));
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(_output),
            });
        console.Profile.Width = 120;
        _ = await new TerminalText(console, _output, _errors, TimeProvider.System)
            .ApplyAsync(
                await PlanNamedAsync($$"""{ "volumes": [ {{volumes}} ] }""", applied: false), new ApplyOptions(), CancellationToken.None);
        var shown = Escapes().Replace(_output.ToString(), string.Empty);
        Assert.Contains("300 of 300", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Split('\n').Length, 1, 200);
    }

    [Theory]
    [InlineData(0, null, "  capacity    unknown")]
    [InlineData(0, 1L << 30, "  capacity    unknown, 1 GB promised")]
    [InlineData(4L << 30, null, "  capacity    4 GB in all, 1 GB used")]
    public void Capacity_that_the_cluster_does_not_tell_is_unknown_and_not_nothing(long total, long? promised, string expected)
    {
        new PlainText(_output, _errors, TimeProvider.System)
            .Show(new ClusterDocument(
                "cluster", true, "/data", null, 1, null, null, new ClusterHealthDocument(true, [], 0, total, 1L << 30, promised, null)));
        Assert.Contains(expected, _output.ToString().Split('\n'));
    }

    [Fact]
    public async Task On_a_terminal_every_step_has_a_line_that_shows_its_end()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(_output),
            });
        console.Profile.Width = 120;
        _ = await new TerminalText(console, _output, _errors, TimeProvider.System)
            .ApplyAsync(await PlanAsync(), new ApplyOptions(), CancellationToken.None);
        var shown = Escapes().Replace(_output.ToString(), string.Empty);
        Assert.Contains("policy/gold failed", shown, StringComparison.Ordinal);
        Assert.Contains("volume/data left out", shown, StringComparison.Ordinal);
        Assert.Contains("volume/old", shown, StringComparison.Ordinal);
        Assert.Contains("policy/gold failed: create policy/gold was made to fail.", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_others_have_written_moves_no_cursor_and_begins_no_line_of_its_own()
    {
        _cluster.Volumes["data"] = _cluster.Volumes["data"] with { Description = "x\u001b[2J\n+ create volume/faked\u009b1m\u202e" };
        var plan = await PlanNamedAsync("""{ "volumes": [ { "name": "data", "size": "1GB", "description": "ours" } ] }""", applied: false);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = 200;
        new TerminalText(console, _output, _errors, TimeProvider.System).Show(plan);
        new PlainText(_output, _errors, TimeProvider.System).Show(plan);
        new PlainText(_output, _errors, TimeProvider.System).Fail(ErrorCode.Internal, "x\u001b[2J");
        var shown = _output.ToString() + _errors;
        Assert.DoesNotContain(shown, character => character != '\n' && (char.IsControl(character) || character == '\u202e'));
        Assert.Contains("      description: x\\u001b[2J\\u000a+ create volume/faked\\u009b1m\\u202e -> ours", shown.Split('\n'));
        Assert.Contains("hv: x\\u001b[2J", shown, StringComparison.Ordinal);
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();

    private static string Describe(JsonElement change)
    {
        static string Kind(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();
        var inner = change.GetProperty("change");
        return $"{change.GetProperty("address").GetString()} {string.Join(",", inner.GetProperty("actions").EnumerateArray())} "
            + $"{Kind(inner.GetProperty("before"))}/{Kind(inner.GetProperty("after"))}";
    }

    private static JsonDocument Json(Plan plan)
    {
        using var writer = new StringWriter();
        new JsonLines(writer, TimeProvider.System).Show(plan);
        return JsonDocument.Parse(writer.ToString());
    }

    private async Task<Plan> PlanNamedAsync(string document, bool applied)
    {
        var planner = new Planner(new PlanTargets(_cluster));
        var plan = await planner.PlanAsync(Document.Read(document), CancellationToken.None);
        if (!applied)
        {
            return plan;
        }

        Assert.True((await Applier.ApplyAsync(plan, new ApplyOptions(), null, CancellationToken.None)).Succeeded);
        return await planner.PlanAsync(Document.Read(document), CancellationToken.None);
    }

    private Task<Plan> PlanAsync() => new Planner(new PlanTargets(_cluster)).PlanAsync(Document.Read(Desired), CancellationToken.None);
}
