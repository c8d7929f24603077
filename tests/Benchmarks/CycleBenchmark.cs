using System.Diagnostics;

namespace HedvigStorage.Benchmarks;

/// <summary>Create, mount, unmount, remove, as dockerd asks for them, by one and more workers at once.</summary>
internal static class CycleBenchmark
{
    private const int Rounds = 5;
    private static readonly TimeSpan RoundLength = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan RoundLimit = TimeSpan.FromSeconds(30);
    private static readonly int[] Workers = [1, 2, 4];

    public static async Task RunAsync(BenchmarkSite site)
    {
        Figures.Title("Volume cycles a second: create, mount, unmount, remove");
        Figures.Head("workers", site.Hedvig.Name, site.Rclone.Name, "ratio");
        foreach (var workers in Workers)
        {
            var ours = new List<double>();
            var theirs = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(await MeasureAsync(site.Hedvig, workers, round));

                // rclone hangs with several workers, and what is mounted by it then cannot even be unmounted.
                if (workers == 1)
                {
                    theirs.Add(await MeasureAsync(site.Rclone, workers, round));
                }
            }

            Figures.Row(
                $"{workers}",
                Figures.Show(Figures.Median(ours)),
                theirs.Count > 0 ? Figures.Show(Figures.Median(theirs)) : "-",
                theirs.Count > 0 ? Figures.Show(Figures.Median(ours.Zip(theirs, (our, their) => our / their))) : "-");
        }
    }

    private static async Task<double> MeasureAsync(PluginContender contender, int workers, int round)
    {
        var watch = Stopwatch.StartNew();
        var work = Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            using var client = new PluginClient(contender.Socket);
            var done = 0;
            for (; watch.Elapsed < RoundLength; done++)
            {
                await client.CycleAsync($"cycle-{workers}-{round}-{worker}-{done}", contender.Options);
            }

            return done;
        })));
        return (await work.WaitAsync(RoundLimit)).Sum() / watch.Elapsed.TotalSeconds;
    }
}
