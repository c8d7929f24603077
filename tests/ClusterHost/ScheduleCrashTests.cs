using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>SIGKILL of the real program at random moments while it catches up with schedules.</summary>
public sealed class ScheduleCrashTests(ITestOutputHelper output)
{
    private const int Volumes = 80;
    private const int Frequencies = 3;

    [Fact]
    public async Task Whenever_a_host_is_killed_each_volume_gets_one_snapshot_of_each_instant_and_no_half_one_is_left()
    {
        using var directory = new TemporaryDirectory();
        var data = directory["data"];
        await using (var host = await HostProcess.StartAsync(data))
        {
            await host.Client.OkAsync(
                "AddPolicy", JsonNode.Parse("""{"name":"p","snapshotSchedule":{"hourly":24,"daily":7,"weekly":4}}""")!.AsObject());
            for (var number = 0; number < Volumes; number++)
            {
                await host.Client.OkAsync(
                    "AddVirtualDisk", new JsonObject { ["name"] = $"v{number}", ["size"] = "16MB", ["policy"] = "p" });
            }

            await host.KillAsync();
        }

        // As if all of it had been made long ago: the next start finds every frequency due.
        CatalogFile.Change(data, "UPDATE volumes SET created_at = 0");
        CatalogFile.Change(data, "UPDATE policy_schedules SET since = 0");

        var random = new Random();
        var kills = 0;
        var names = Array.Empty<string>();
        while (names.Length < Volumes * Frequencies)
        {
            await using var host = await HostProcess.StartAsync(data);
            names = await NamesAsync(host.Client);
            await Task.Delay(random.Next(1, 60));
            await host.KillAsync();
            kills++;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills"));
        await using var last = await HostProcess.StartAsync(data);
        names = await NamesAsync(last.Client);

        // A full hour may have struck meanwhile, which is another instant.
        Assert.InRange(names.Length, Volumes * Frequencies, (Volumes * Frequencies) + Volumes);
        Assert.All(names, name => Assert.EndsWith("00Z", name, StringComparison.Ordinal));
        await Eventually.TrueAsync(
            () => Directory.GetFiles(Path.Combine(data, "snapshots")).Length == NamesAsync(last.Client).Result.Length,
            "a file for each snapshot");
    }

    private static async Task<string[]> NamesAsync(RestClient client) =>
        (await client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray().Select(snapshot => snapshot!["name"]!.GetValue<string>())
            .ToArray();
}
