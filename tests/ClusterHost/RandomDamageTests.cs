using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Common;
using Xunit.Abstractions;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// Bits flipped, files cut, zeroed, removed and swapped at random in the data folder of a host that was stopped or killed. Whatever it is,
/// the next start refuses, or tells it, or answers exactly what was acknowledged. What is inside of an image is not checked by the product,
/// so images are cut, zeroed, removed and swapped, but not flipped. HV_DAMAGE_ROUNDS sets the number of rounds, HV_DAMAGE_SEED the first
/// seed.
/// </summary>
public sealed class RandomDamageTests(ITestOutputHelper output)
{
    private static readonly string[] Small = ["catalog.marker", "catalog.sums", "catalog.db-wal", "catalog.db-shm"];

    [Fact]
    public async Task No_damage_at_random_leads_to_a_wrong_answer_without_a_word()
    {
        var rounds = Number("HV_DAMAGE_ROUNDS", 20);
        var first = Number("HV_DAMAGE_SEED", Environment.TickCount);
        using var directory = new TemporaryDirectory();
        var pristine = new Dictionary<bool, Site>();
        foreach (var killed in new[] { false, true })
        {
            pristine[killed] = await MakeAsync(directory[killed ? "killed" : "stopped"], killed);
        }

        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = first; seed < first + rounds; seed++)
        {
            var random = new Random(seed);
            var killed = random.Next(2) == 0;
            var data = directory["round"];
            Shell.Run("cp", "--archive", "--sparse=always", pristine[killed].Data, data);
            var damage = Damage(random, data);
            var outcome = await JudgeAsync(
                data,
                pristine[killed],
                string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {(killed ? "killed" : "stopped")}: {damage}"));
            var key = $"{damage[..damage.IndexOf(' ', StringComparison.Ordinal)]}: {outcome}";
            outcomes[key] = outcomes.GetValueOrDefault(key) + 1;
            Directory.Delete(data, recursive: true);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rounds} rounds from seed {first}"));
        foreach (var (outcome, count) in outcomes)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,4}  {outcome}"));
        }
    }

    private static async Task<Site> MakeAsync(string data, bool killed)
    {
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var host = await HostProcess.StartAsync(data);
        await host.Client.OkAsync("AddPolicy", new JsonObject { ["name"] = "gold", ["description"] = "the best" });
        for (var number = 0; number < 12; number++)
        {
            var name = $"v{number}";
            await host.Client.OkAsync(
                "AddVirtualDisk",
                new JsonObject
                {
                    ["name"] = name,
                    ["size"] = number % 3 == 0 ? "32MB" : "16MB",
                    ["description"] = $"volume {number}",
                    ["policy"] = "gold",
                });
            var path = (await host.Client.AttachAsync(name))["result"]!["device"]!["path"]!.GetValue<string>();
            contents[name] = new byte[64 << 10];
            new Random(number).NextBytes(contents[name]);
            using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
            {
                RandomAccess.Write(file, contents[name], 0);
            }

            await host.Client.OkAsync("Detach", new JsonObject { ["virtualDisk"] = name, ["host"] = "host1" });
            if (number % 4 == 0)
            {
                await host.Client.SnapshotAsync(name, "s");
            }
        }

        var told = await TellAsync(host.Client);
        if (killed)
        {
            await host.KillAsync();
        }
        else
        {
            Assert.Equal(0, await host.StopAsync());
        }

        return new Site(data, told, contents);
    }

    private static string Damage(Random random, string data)
    {
        var images = Directory.GetFiles(Path.Combine(data, "volumes")).Concat(Directory.GetFiles(Path.Combine(data, "snapshots")))
            .Where(file => new FileInfo(file).Length > 0).Order(StringComparer.Ordinal).ToArray();
        var catalogs = Small.Select(name => Path.Combine(data, name)).Where(file => File.Exists(file) && new FileInfo(file).Length > 0)
            .ToArray();
        var catalog = random.Next(2) == 0 ? Path.Combine(data, "catalog.db") : catalogs[random.Next(catalogs.Length)];
        var any = random.Next(2) == 0 ? catalog : images[random.Next(images.Length)];
        var length = new FileInfo(any).Length;
        switch (random.Next(7))
        {
            case 0 or 1 or 2:
                var bytes = File.ReadAllBytes(catalog);
                var position = random.Next(bytes.Length);
                bytes[position] ^= (byte)(1 << random.Next(8));
                Write(catalog, position, bytes.AsSpan(position, 1));
                return string.Create(CultureInfo.InvariantCulture, $"flip of a bit of byte {position} of {Path.GetFileName(catalog)}");
            case 3:
                var size = random.NextInt64(length);
                using (var file = File.OpenWrite(any))
                {
                    file.SetLength(size);
                }

                return string.Create(CultureInfo.InvariantCulture, $"cut of {any} to {size} of {length}");
            case 4:
                var page = any == catalog ? random.NextInt64((length + 4095) / 4096) * 4096 : 0;
                var zeros = new byte[any == catalog ? Math.Min(4096, length - page) : length];
                Write(any, page, zeros);
                return string.Create(CultureInfo.InvariantCulture, $"zeros from {page} on in {any}");
            case 5:
                File.Delete(any);
                return $"removal of {any}";
            default:
                var (one, other) = (images[random.Next(images.Length)], images[random.Next(images.Length)]);
                File.Move(one, data + "/aside");
                if (other != one)
                {
                    File.Move(other, one);
                }

                File.Move(data + "/aside", other);
                return $"swap of {one} and {other}";
        }
    }

    private static void Write(string path, long position, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, content, position);
    }

    // Right are a refusal to start in one sentence, and answers that are those of before, but for what is told to be damaged.
    private static async Task<string> JudgeAsync(string data, Site site, string what)
    {
        InProcessHost host;
        try
        {
            host = await InProcessHost.StartAsync(data);
        }
        catch (StartException error)
        {
            Assert.Matches(@"damaged|is gone|lost its newest|another cluster|older than", error.Message);
            return "refused";
        }

        await using (host)
        {
            var problems = await DataDamageTests.ProblemsAsync(host);
            var told = await TellAsync(host.Client);
            Assert.True(site.Told == told, $"{what}: {told} instead of {site.Told}");
            foreach (var (name, content) in site.Contents)
            {
                var answer = await host.Client.AttachAsync(name);
                if (answer["status"]!.GetValue<string>() != "ok")
                {
                    Assert.Contains("is damaged", answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
                    problems = await DataDamageTests.ProblemsAsync(host);
                    Assert.Contains($"'{name}'", problems, StringComparison.Ordinal);
                    continue;
                }

                Assert.True(
                    content.AsSpan().SequenceEqual(Read(answer["result"]!["device"]!["path"]!.GetValue<string>(), content.Length)),
                    $"{what}: the volume {name} was handed out with other content");
                if (int.Parse(name[1..], CultureInfo.InvariantCulture) % 4 == 0)
                {
                    await AssertSnapshotAsync(host, name, content, what);
                }
            }

            return problems.Length + (await DataDamageTests.ProblemsAsync(host)).Length > 0 ? "told and kept back" : "harmless";
        }
    }

    private static async Task AssertSnapshotAsync(InProcessHost host, string volume, byte[] content, string what)
    {
        var clone = await host.Client.CallAsync(
            "CloneVdisk", new JsonObject { ["srcVolName"] = volume, ["cloneVolName"] = volume + "-clone", ["snapshotName"] = "s" });
        if (clone["status"]!.GetValue<string>() != "ok")
        {
            Assert.Contains("is damaged", clone["message"]!.GetValue<string>(), StringComparison.Ordinal);
            return;
        }

        var path = (await host.Client.AttachAsync(volume + "-clone"))["result"]!["device"]!["path"]!.GetValue<string>();
        Assert.True(
            content.AsSpan().SequenceEqual(Read(path, content.Length)), $"{what}: the snapshot of {volume} was cloned with other content");
    }

    private static byte[] Read(string path, int length)
    {
        var content = new byte[length];
        using var file = File.OpenRead(path);
        file.ReadExactly(content);
        return content;
    }

    private static async Task<string> TellAsync(RestClient client)
    {
        var volumes = await client.ListVolumesAsync();
        foreach (var volume in volumes)
        {
            // What is told of damage and space is judged apart.
            _ = volume!.AsObject().Remove("damage");
            _ = volume.AsObject().Remove("allocatedBytes");
        }

        return volumes.ToJsonString() + (await client.OkAsync("ListSnapshots"))!.ToJsonString()
            + (await client.OkAsync("ListPolicies"))!.ToJsonString();
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    private sealed record Site(string Data, string Told, IReadOnlyDictionary<string, byte[]> Contents);
}
