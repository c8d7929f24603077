using System.Diagnostics;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// How long each call of the volume plugin protocol takes, one after the other as dockerd makes them for a volume that comes and goes, with
/// the two plugin hosts in turn.
/// </summary>
internal static class CallBenchmark
{
    private const int WarmUp = 50;
    private const int Rounds = 10;
    private const int CyclesARound = 20;

    public static async Task RunAsync(BenchmarkSite site)
    {
        var contenders = new[] { site.Hedvig, site.Rclone };
        var times = contenders.ToDictionary(contender => contender, _ => new Dictionary<string, List<double>>());
        foreach (var contender in contenders)
        {
            await CycleAsync(contender, "warm-up", WarmUp, []);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                await CycleAsync(contender, $"call-{round}", CyclesARound, times[contender]);
            }
        }

        Figures.Title("Calls of the volume plugin protocol, ms");
        Figures.Head("call", $"{site.Hedvig.Name}, median", $"{site.Rclone.Name}, median", "ratio");
        foreach (var call in times[site.Hedvig].Keys)
        {
            var (ours, theirs) = (Figures.Median(times[site.Hedvig][call]), Figures.Median(times[site.Rclone][call]));
            Figures.Row(call, Figures.Show(ours), Figures.Show(theirs), Figures.Show(ours / theirs));
        }
    }

    private static async Task CycleAsync(PluginContender contender, string prefix, int cycles, Dictionary<string, List<double>> times)
    {
        using var client = new PluginClient(contender.Socket);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            var name = $"{prefix}-{cycle}";
            await MeasureAsync("Create", new { Name = name, Opts = contender.Options });
            await MeasureAsync("Get", new { Name = name });
            await MeasureAsync("Mount", new { Name = name, ID = name });
            await MeasureAsync("Path", new { Name = name });
            await MeasureAsync("Unmount", new { Name = name, ID = name });
            await MeasureAsync("Remove", new { Name = name });
        }

        async Task MeasureAsync(string call, object body)
        {
            var watch = Stopwatch.StartNew();
            _ = await client.AskAsync("VolumeDriver." + call, body);
            if (!times.TryGetValue(call, out var measured))
            {
                times.Add(call, measured = []);
            }

            measured.Add(watch.Elapsed.TotalMilliseconds);
        }
    }
}
