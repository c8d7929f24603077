using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
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
            - remove volume/old: The document makes it absent. Its data is lost. DATA IS LOST.
            Plan: 1 to create, 1 to grow, 1 to remove, 1 as desired.

            """.ReplaceLineEndings("\n"),
            _output.ToString());
    }

    [Fact]
    public async Task A_plan_in_JSON_is_one_line_with_a_version_and_every_step()
    {
        new JsonLines(_output, TimeProvider.System).Show(await PlanAsync());
        Assert.Single(_output.ToString().TrimEnd().Split('\n'));
        using var document = JsonDocument.Parse(_output.ToString());
        var root = document.RootElement;
        Assert.Equal(("plan", "1.0", false), (root.GetProperty("type").GetString(), root.GetProperty("formatVersion").GetString(), root.GetProperty("inDesiredState").GetBoolean()));
        Assert.Equal(
            ["policy/gold Create False", "volume/data Grow False", "volume/old Remove True", "volume/gone None False"],
            root.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("id").GetString()} {step.GetProperty("action").GetString()} {step.GetProperty("destroysData").GetBoolean()}"));
        var size = root.GetProperty("steps")[1].GetProperty("changes")[0];
        Assert.Equal(("size", "1GB", "2GB"), (size.GetProperty("property").GetString(), size.GetProperty("before").GetString(), size.GetProperty("after").GetString()));
        Assert.Equal("policy/gold", root.GetProperty("steps")[1].GetProperty("dependsOn")[0].GetString());
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
            (result.RootElement.GetProperty("type").GetString(), result.RootElement.GetProperty("succeeded").GetBoolean(), result.RootElement.GetProperty("changed").GetInt32(), result.RootElement.GetProperty("failed").GetInt32(), result.RootElement.GetProperty("skipped").GetInt32()));
    }

    [Fact]
    public async Task What_failed_is_told_on_the_error_stream_with_its_reason_and_what_was_left_out_for_it()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        _ = await new PlainText(_output, _errors, TimeProvider.System).ApplyAsync(await PlanAsync(), new ApplyOptions(), CancellationToken.None);
        Assert.Contains("hv: policy/gold failed: create policy/gold was made to fail.", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("hv: volume/data was left out: not begun: policy/gold did not succeed.", _errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("Applied 1 of 3 changes", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_every_step_has_a_line_that_shows_its_end()
    {
        _ = _cluster.Failing.Add("create policy/gold");
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(_output) });
        console.Profile.Width = 120;
        _ = await new TerminalText(console, _output, _errors, TimeProvider.System).ApplyAsync(await PlanAsync(), new ApplyOptions(), CancellationToken.None);
        var shown = Escapes().Replace(_output.ToString(), string.Empty);
        Assert.Contains("policy/gold failed", shown, StringComparison.Ordinal);
        Assert.Contains("volume/data left out", shown, StringComparison.Ordinal);
        Assert.Contains("volume/old", shown, StringComparison.Ordinal);
        Assert.Contains("policy/gold failed: create policy/gold was made to fail.", _errors.ToString(), StringComparison.Ordinal);
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();

    private Task<Plan> PlanAsync() => new Planner(new PlanTargets(_cluster)).PlanAsync(Document.Read(Desired), CancellationToken.None);
}
