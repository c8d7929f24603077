using System.Text.RegularExpressions;

namespace HedvigStorage.Conformance;

/// <summary>Two machines with an engine and a plugin host each, on one cluster.</summary>
[Collection(EngineCollection.Name)]
public sealed partial class TwoHostsTests
{
    private const string Server = "trap 'exit 0' TERM; sleep 3600 & wait";

    [SkippableFact]
    public async Task A_volume_follows_its_container_from_one_machine_to_the_other_and_back()
    {
        await TwoMachines.RunAsync(async (first, second, _) =>
        {
            (await RunAsync(first, "--rm", "echo one > /volume/file")).Expect(0);
            Assert.Equal("one\n", (await RunAsync(second, "--rm", "cat /volume/file; echo two >> /volume/file")).Expect(0).Output);
            Assert.Equal("one\ntwo\n", (await RunAsync(first, "--rm", "cat /volume/file")).Expect(0).Output);
        });
    }

    [SkippableFact]
    public async Task A_volume_that_a_container_uses_is_refused_to_the_other_machine_until_the_container_is_stopped()
    {
        await TwoMachines.RunAsync(async (first, second, cluster) =>
        {
            var before = DateTimeOffset.UtcNow.AddSeconds(-1);
            var container = (await RunAsync(first, "-d", "echo one > /volume/file; " + Server)).Expect(0).Output.Trim();
            var refused = await RunAsync(second, "--rm", "true");
            Assert.NotEqual(0, refused.Status);
            Assert.Contains("is attached to the host 'first' since ", refused.Errors, StringComparison.Ordinal);
            var since = DateTimeOffset.Parse(Since().Match(refused.Errors).Groups["time"].Value, CultureInfo.InvariantCulture);
            Assert.InRange(since, before, DateTimeOffset.UtcNow);
            Assert.Equal("first", Assert.Single(await cluster.ListAttachmentsAsync(host: null, CancellationToken.None)).Host);

            // What was refused has harmed nobody.
            (await first.DockerAsync("exec", container, "sh", "-c", "echo still >> /volume/file && sync /volume/file")).Expect(0);
            (await first.DockerAsync("stop", container)).Expect(0);
            Assert.Equal("one\nstill\n", (await RunAsync(second, "--rm", "cat /volume/file")).Expect(0).Output);

            var there = (await RunAsync(second, "-d", Server)).Expect(0).Output.Trim();
            Assert.Contains(
                "is attached to the host 'second' since ",
                (await first.DockerAsync("start", container)).Expect(1).Errors,
                StringComparison.Ordinal);
            (await second.DockerAsync("rm", "-f", there)).Expect(0);
            (await first.DockerAsync("start", container)).Expect(0);
            (await first.DockerAsync("rm", "-f", container)).Expect(0);
        });
    }

    [GeneratedRegex(@" since (?<time>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Since();

    private static Task<Ended> RunAsync(Machine machine, string how, string script) =>
        machine.DockerAsync(
            "run", how, "--network", "none", "--volume-driver", "hedvig", "-v", "data:/volume", TestImages.Busybox, "sh", "-c", script);
}
