using System.Net.Http;
using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Catalog;
using Xunit.Abstractions;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>SIGKILL of the real program at random moments during mixed operations of several workers.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Operations = 500;
    private const int Workers = 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_half_made_is_left_with_sparse_copies()
    {
        using var directory = new TemporaryDirectory();
        await RunAsync(directory["data"]);
    }

    [SkippableFact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_half_made_is_left_with_reflinks()
    {
        Skip.IfNot(Shell.IsRoot, "Mounting needs root.");
        using var directory = new TemporaryDirectory();
        using var mount = LoopMount.Make("xfs", directory["xfs.img"], directory["xfs"], 2L << 30);
        await RunAsync(Path.Combine(mount.MountPoint, "data"));
    }

    private async Task RunAsync(string data)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var workers = Enumerable.Range(0, Workers).Select(index => new Worker(index, new Random(seed + index + 1))).ToArray();
        var rounds = 0;
        while (workers.Sum(worker => worker.Done) < Operations)
        {
            await using var host = await HostProcess.StartAsync(data);
            await AssertAgreesAsync(host.Client, data, workers);
            using var stop = new CancellationTokenSource();
            var running = workers.Select(worker => worker.RunAsync(host.Client, stop.Token)).ToArray();
            await Task.Delay(random.Next(50, 900));
            await host.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
            rounds++;
        }

        await using var last = await HostProcess.StartAsync(data);
        await AssertAgreesAsync(last.Client, data, workers);
        output.WriteLine(
            $"{workers.Sum(worker => worker.Done)} operations, {rounds} kills, {workers.Sum(worker => worker.Unknown)} of unknown outcome");
    }

    private static async Task AssertAgreesAsync(RestClient client, string data, Worker[] workers)
    {
        var volumes = (await client.ListVolumesAsync())
            .ToDictionary(volume => volume!["name"]!.GetValue<string>(), volume => volume!, StringComparer.Ordinal);
        var snapshots = (await client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray()
            .Select(snapshot => $"{snapshot!["volume"]!.GetValue<string>()}@{snapshot["name"]!.GetValue<string>()}")
            .ToHashSet(StringComparer.Ordinal);
        foreach (var worker in workers)
        {
            worker.Check(volumes, snapshots);
        }

        // Every file is a ready object's, and every ready object has its file, of the right size and content.
        var files = Directory.GetFiles(Path.Combine(data, "volumes")).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(volumes.Count, files.Count);
        foreach (var volume in volumes.Values)
        {
            var file = new FileInfo(Path.Combine(data, "volumes", volume["id"]!.GetValue<string>() + ".img"));
            Assert.Equal(volume["sizeBytes"]!.GetValue<long>(), file.Length);
        }

        Assert.Equal(snapshots.Count, Directory.GetFiles(Path.Combine(data, "snapshots")).Length);
        using var catalog = new CatalogConnection(Path.Combine(data, "catalog.db"), readOnly: true);
        Assert.Equal(
            0,
            catalog.Scalar<long>("SELECT count(*) FROM volumes WHERE state <> 0 OR pending_size IS NOT NULL OR reverting_to IS NOT NULL"));
        Assert.Equal(0, catalog.Scalar<long>("SELECT count(*) FROM snapshots WHERE state <> 0"));
        Assert.Equal(
            catalog.Scalar<long>("SELECT (SELECT ifnull(sum(size), 0) FROM volumes) + (SELECT ifnull(sum(allocated), 0) FROM snapshots)"),
            catalog.Scalar<long>("SELECT provisioned FROM totals"));
    }

    /// <summary>Works on volumes of its own, and remembers what was acknowledged and what is unknown since an answer was missing.</summary>
    private sealed class Worker(int index, Random random)
    {
        // A size of 0 is "not there". More than one value: either may be true.
        private readonly Dictionary<string, HashSet<long>> _volumes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, HashSet<bool>> _snapshots = new(StringComparer.Ordinal);
        private int _next;

        public int Done { get; private set; }

        public int Unknown { get; private set; }

        public async Task RunAsync(RestClient client, CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await StepAsync(client);
                    Done++;
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    Unknown++;
                    return;
                }
            }
        }

        public void Check(Dictionary<string, JsonNode> volumes, HashSet<string> snapshots)
        {
            var mine = volumes.Keys.Where(name => name.StartsWith($"w{index}-", StringComparison.Ordinal));
            Assert.All(mine, name => Assert.Contains(name, _volumes));
            foreach (var name in _volumes.Keys.ToArray())
            {
                var size = volumes.TryGetValue(name, out var volume) ? volume["sizeBytes"]!.GetValue<long>() : 0;
                Assert.True(_volumes[name].Contains(size), $"{name} has {size}, expected one of {string.Join(", ", _volumes[name])}");
                _volumes[name] = [size];
            }

            foreach (var name in _snapshots.Keys.ToArray())
            {
                var there = snapshots.Contains(name);
                var volumeIsThere = !_volumes[name.Split('@')[0]].Contains(0);
                Assert.True(_snapshots[name].Contains(there) || (!volumeIsThere && !there), $"{name} is {(there ? "there" : "gone")}");
                _snapshots[name] = [there];
            }
        }

        private async Task StepAsync(RestClient client)
        {
            var there = _volumes.Where(pair => !pair.Value.Contains(0)).Select(pair => pair.Key).ToArray();
            var kept = _snapshots.Where(pair => !pair.Value.Contains(false)).Select(pair => pair.Key).ToArray();
            var pick = there.Length == 0 ? 0 : random.Next(13);
            var volume = there.Length == 0 ? string.Empty : there[random.Next(there.Length)];
            switch (pick)
            {
                case < 3:
                    await MakeAsync(name => client.CreateAsync(name), 16L << 20);
                    break;
                case < 5:
                    await MakeAsync(name => client.CloneAsync(volume, name), _volumes[volume].Single());
                    break;
                case < 7:
                    await SnapshotAsync(client, volume);
                    break;
                case < 9:
                    var size = _volumes[volume].Single() + (1L << 20);
                    _ = _volumes[volume].Add(size);
                    await client.OkAsync("ResizeDisks", new JsonObject { ["virtualDisks"] = new JsonArray(volume), ["size"] = size });
                    _volumes[volume] = [size];
                    break;
                case 9 when kept.Length > 0:
                    var snapshot = kept[random.Next(kept.Length)];
                    _ = _snapshots[snapshot].Add(false);
                    await client.OkAsync(
                        "DeleteSnapshot",
                        new JsonObject { ["openstackVolName"] = snapshot.Split('@')[0], ["snapshotName"] = snapshot.Split('@')[1] });
                    _snapshots[snapshot] = [false];
                    break;
                case 10 when there.Length < 100:
                    await MakeManyAsync(client);
                    break;
                default:
                    await DeleteAsync(client, volume);
                    break;
            }
        }

        private async Task MakeAsync(Func<string, Task> make, long size)
        {
            var name = $"w{index}-{_next++}";
            _volumes[name] = [0, size];
            await make(name);
            _volumes[name] = [size];
        }

        private async Task MakeManyAsync(RestClient client)
        {
            // More than are kept ready, so that a kill may fall on the making of these, too.
            var names = Enumerable.Range(0, 80).Select(_ => $"w{index}-{_next++}").ToArray();
            Array.ForEach(names, name => _volumes[name] = [0, 16L << 20]);
            await client.OkAsync(
                "AddVolumes",
                new JsonObject
                {
                    ["volumes"] = new JsonArray([.. names.Select(name => new JsonObject { ["name"] = name, ["size"] = "16MB" })]),
                });
            Array.ForEach(names, name => _volumes[name] = [16L << 20]);
        }

        private async Task SnapshotAsync(RestClient client, string volume)
        {
            var name = $"s{_next++}";
            _snapshots[$"{volume}@{name}"] = [false, true];
            await client.SnapshotAsync(volume, name);
            _snapshots[$"{volume}@{name}"] = [true];
        }

        private async Task DeleteAsync(RestClient client, string volume)
        {
            var gone = _snapshots.Keys.Where(name => name.StartsWith(volume + "@", StringComparison.Ordinal)).ToArray();
            _ = _volumes[volume].Add(0);
            Array.ForEach(gone, name => _snapshots[name].Add(false));
            await client.DeleteAsync(volume);
            _volumes[volume] = [0];
            Array.ForEach(gone, name => _snapshots[name] = [false]);
        }
    }
}
