using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.Benchmarks;

/// <summary><c>hv apply</c> of a document with many new volumes, from the start of the process to its end, beside Cinder's driver, which makes them one after the other.</summary>
internal static class ApplyBenchmark
{
    private const int Volumes = 1_000;
    private const int Rounds = 3;
    private static readonly int[] Parallel = [1, 10, 64];

    public static async Task RunAsync(BenchmarkSite site)
    {
        Figures.Title("Making 1,000 volumes");
        Figures.Head("by", "seconds, median", "volumes a second", "times as fast");
        await using var cinder = await CinderClient.StartAsync(site.ClusterAddress, site.CredentialFile);
        var oneByOne = new List<double>();
        var applied = Parallel.ToDictionary(parallel => parallel, _ => new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var number = 0; number < Volumes; number++)
            {
                await cinder.CreateAsync((round * Volumes) + number);
            }

            oneByOne.Add(watch.Elapsed.TotalSeconds);
            foreach (var parallel in Parallel)
            {
                applied[parallel].Add(await ApplyAsync(site, round, parallel));
            }
        }

        Show("Cinder's driver, one after the other", oneByOne, 1);
        foreach (var parallel in Parallel)
        {
            var ratios = oneByOne.Zip(applied[parallel], (one, other) => one / other).ToList();
            Show(string.Create(CultureInfo.InvariantCulture, $"`hv apply`, {parallel} at once"), applied[parallel], Figures.Median(ratios));
        }
    }

    private static void Show(string what, List<double> seconds, double ratio) =>
        Figures.Row(what, Figures.Show(Figures.Median(seconds)), Figures.Show(Volumes / Figures.Median(seconds)), Figures.Show(ratio));

    private static async Task<double> ApplyAsync(BenchmarkSite site, int round, int parallel)
    {
        var document = Path.Combine(site.Work, "apply.json");
        await File.WriteAllTextAsync(
            document,
            $$"""{ "name": "bench", "volumes": [ {{string.Join(", ", Enumerable.Range(0, Volumes).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "apply-{{parallel}}-{{round}}-{{number}}", "size": "1GB" }""")))}} ] }""",
            CancellationToken.None);
        var watch = Stopwatch.StartNew();
        var output = await Processes.RunAsync(
            Path.Combine(site.Programs, "hv"), site.Work, "apply", document, "--parallel", parallel.ToString(CultureInfo.InvariantCulture), "--cluster", site.ClusterAddress, "--credential-file", site.CredentialFile);
        var seconds = watch.Elapsed.TotalSeconds;
        return output.Contains("failed", StringComparison.OrdinalIgnoreCase) ? throw new InvalidOperationException(output) : seconds;
    }
}
