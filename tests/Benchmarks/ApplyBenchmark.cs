using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Client;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// A document with many new volumes, read, planned and applied: by <c>hv apply</c> from the start of its process to its end, and within a process that runs, as a PowerShell session does;
/// beside Cinder's driver, whose process runs too, and which makes volumes one after the other.
/// </summary>
internal static class ApplyBenchmark
{
    private const int Volumes = 1_000;
    private const int Rounds = 5;

    public static async Task RunAsync(BenchmarkSite site)
    {
        Figures.Title("Making 1,000 volumes");
        Figures.Head("by", "seconds, median", "volumes a second", "times as fast");
        await using var cinder = await CinderClient.StartAsync(site.ClusterAddress, site.CredentialFile);
        var services = new ClientServices();
        using var cluster = services.CreateCluster(new ClusterConnection { Nodes = [new Uri(site.ClusterAddress)], Credential = services.ReadCredential(site.CredentialFile) });
        var oneByOne = new List<double>();
        var program = new List<double>();
        var within = new List<double>();
        await WarmUpAsync(site, cinder, services, cluster);
        for (var round = 0; round < Rounds; round++)
        {
            oneByOne.Add(await CinderAsync(cinder, round * Volumes));
            program.Add(await ProgramAsync(site, Document($"program-{round}")));
            within.Add(await WithinAsync(services, cluster, Document($"within-{round}")));
        }

        Show("Cinder's driver, one after the other", oneByOne, oneByOne);
        Show("plan and apply in a process that runs", within, oneByOne);
        Show("`hv apply`, with the start of its process", program, oneByOne);
    }

    private static async Task WarmUpAsync(BenchmarkSite site, CinderClient cinder, ClientServices services, ICluster cluster)
    {
        await cinder.CreateAsync(Rounds * Volumes);
        _ = await ProgramAsync(site, Document("warm-program"));
        _ = await WithinAsync(services, cluster, Document("warm-within"));
    }

    private static void Show(string what, List<double> seconds, List<double> compared) => Figures.Row(
        what, Figures.Show(Figures.Median(seconds)), Figures.Show(Volumes / Figures.Median(seconds)), Figures.Show(Figures.Median(compared.Zip(seconds, (one, other) => one / other).ToList())));

    private static string Document(string prefix) =>
        $$"""{ "name": "bench", "volumes": [ {{string.Join(", ", Enumerable.Range(0, Volumes).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "{{prefix}}-{{number}}", "size": "1GB" }""")))}} ] }""";

    private static async Task<double> CinderAsync(CinderClient cinder, int first)
    {
        var watch = Stopwatch.StartNew();
        for (var number = first; number < first + Volumes; number++)
        {
            await cinder.CreateAsync(number);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> WithinAsync(ClientServices services, ICluster cluster, string document)
    {
        var watch = Stopwatch.StartNew();
        var configuration = ConfigurationReader.Read(services.ReadJson(document, "the document"), "the document");
        var plan = await new Planner(new PlanTargets(cluster)).PlanAsync(configuration, CancellationToken.None);
        var report = await Applier.ApplyAsync(plan, new ApplyOptions(), progress: null, CancellationToken.None);
        return report is { Succeeded: true, Outcomes.Count: Volumes } ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("The document was not applied.");
    }

    private static async Task<double> ProgramAsync(BenchmarkSite site, string document)
    {
        var path = Path.Combine(site.Work, "apply.json");
        await File.WriteAllTextAsync(path, document, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        var output = await Processes.RunAsync(Path.Combine(site.Programs, "hv"), site.Work, "apply", path, "--cluster", site.ClusterAddress, "--credential-file", site.CredentialFile);
        var seconds = watch.Elapsed.TotalSeconds;
        return output.Contains("failed", StringComparison.OrdinalIgnoreCase) ? throw new InvalidOperationException(output) : seconds;
    }
}
