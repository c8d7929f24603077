using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>Ctrl-C in the middle of an apply.</summary>
public sealed class InterruptionTests
{
    // Their progress is more than a pipe holds: while nobody reads it, hv cannot come to its end.
    private const int Volumes = 1000;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task What_has_begun_is_finished_the_rest_is_told_as_not_begun_and_the_next_run_converges(string signal)
    {
        await using var cluster = await ClusterProcess.StartAsync();
        var document = await WriteAsync(cluster);

        using var process = Start(cluster, "apply", document, "--json", "--parallel", "1");
        var errors = process.StandardError.ReadToEndAsync();
        var lines = new List<JsonNode>();
        while (!lines.Any(IsSuccess))
        {
            lines.Add(JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!);
        }

        await SignalAsync(process, signal);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(JsonNode.Parse(line)!);
        }

        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("ending", await errors, StringComparison.Ordinal);
        var result = lines[^1];
        var (changed, failed, skipped) = (
            result["changed"]!.GetValue<int>(), result["failed"]!.GetValue<int>(), result["skipped"]!.GetValue<int>());
        Assert.Equal((0, Volumes), (failed, changed + skipped));
        Assert.InRange(changed, 1, Volumes - 1);
        Assert.Equal(changed, lines.Count(IsSuccess));
        Assert.Equal(
            skipped, lines.Count(line => line["message"]?.GetValue<string>().Contains("not begun", StringComparison.Ordinal) == true));
        Assert.Equal(
            changed, (await cluster.AskAsync("ListVolumes", new JsonObject { ["pageSize"] = Volumes }))["volumes"]!.AsArray().Count);

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"Applied: {skipped} change"),
            (await HvAsync(cluster, "apply", document)).Expect(0).Output,
            StringComparison.Ordinal);
        (await HvAsync(cluster, "test", document)).Expect(0);
    }

    [Fact]
    public async Task The_second_time_it_ends_at_once_and_the_next_run_converges()
    {
        await using var cluster = await ClusterProcess.StartAsync();
        var document = await WriteAsync(cluster);

        // Nobody reads what it says, so that it cannot come to its end by itself.
        using var process = Start(cluster, "apply", document, "--json", "--parallel", "1");
        while (!IsSuccess(JsonNode.Parse((await process.StandardOutput.ReadLineAsync())!)!))
        {
            // Something has been made by then.
        }

        await SignalAsync(process, "INT");
        Assert.Contains("Once more ends it at once", await process.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        Assert.False(process.HasExited);
        await SignalAsync(process, "INT");
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(128 + 2, process.ExitCode);

        Assert.Contains("Applied: ", (await HvAsync(cluster, "apply", document)).Expect(0).Output, StringComparison.Ordinal);
        (await HvAsync(cluster, "test", document)).Expect(0);
    }

    private static async Task<string> WriteAsync(ClusterProcess cluster)
    {
        var document = Path.Combine(cluster.Folder, "site.json");
        await File.WriteAllTextAsync(document, $$"""{ "volumes": [ {{string.Join(", ", Enumerable.Range(0, Volumes).Select(number => $$"""{ "name": "volume-{{number}}", "size": "16MB" }"""))}} ] }""");
        return document;
    }

    private static async Task SignalAsync(Process process, string signal) =>
        (await Programs.RunAsync("kill", "/", environment: null, "-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)))
            .Expect(0);

    private static bool IsSuccess(JsonNode line) => string.Equals(line["state"]?.GetValue<string>(), "Succeeded", StringComparison.Ordinal);

    private static Dictionary<string, string> Environment(ClusterProcess cluster) =>
        new(StringComparer.Ordinal) { ["HV_CLUSTER"] = $"http://{cluster.Node}", ["HV_CREDENTIAL_FILE"] = cluster.CredentialFile };

    private static Task<Ended> HvAsync(ClusterProcess cluster, params string[] arguments) =>
        Programs.RunAsync(Programs.Path("hv"), "/", Environment(cluster), arguments);

    private static Process Start(ClusterProcess cluster, params string[] arguments)
    {
        // What is started in the background of a script ignores SIGINT, and so would hv.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Programs.Path("hv"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment(cluster))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
