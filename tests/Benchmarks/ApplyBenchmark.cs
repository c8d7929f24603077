using System.Diagnostics;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// A document with many new volumes, read, planned and applied: by <c>hv apply</c> from the start of its process to its end, and within a
/// process that runs, as a PowerShell session does; beside Cinder's driver, which makes volumes one after the other, with its process
/// running and with the start of it. Each has a cluster of its own in each round, which all of them have warmed up with a few volumes, so
/// that none is slowed by what the others have made.
/// </summary>
internal static class ApplyBenchmark
{
    private const int Volumes = 1_000;
    private const int WarmUpVolumes = 200;
    private const int Rounds = 7;

    public static async Task RunAsync(string work, string programs)
    {
        Figures.Title("Making 1,000 volumes");
        Figures.Head("by", "seconds, median", "volumes a second", "times as fast");
        var oneByOne = new List<double>();
        var started = new List<double>();
        var program = new List<double>();
        var within = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var cinder = await MeasureAsync(work, programs, contenders => CinderAsync(contenders.Cinder, Volumes, Volumes));
            var begun = await MeasureAsync(work, programs, contenders => CinderProgramAsync(contenders.Site));
            var ran = await MeasureAsync(work, programs, contenders => ProgramAsync(contenders.Site, Document("program", Volumes)));
            var applied = await MeasureAsync(
                work, programs, contenders => WithinAsync(contenders.Services, contenders.Cluster, Document("within", Volumes)));
            if (round >= 0)
            {
                oneByOne.Add(cinder);
                started.Add(begun);
                program.Add(ran);
                within.Add(applied);
            }
        }

        Show("Cinder's driver, one after the other", oneByOne, oneByOne);
        Show("the same, with the start of its process", started, oneByOne);
        Show("plan and apply in a process that runs", within, oneByOne);
        Show("`hv apply`, with the start of its process", program, oneByOne);
    }

    private static async Task<double> MeasureAsync(string work, string programs, Func<Contenders, Task<double>> measure)
    {
        await using var site = await BenchmarkSite.StartAsync(
            Directory.CreateDirectory(Path.Combine(work, Path.GetRandomFileName())).FullName, programs);
        await using var cinder = await CinderClient.StartAsync(site.ClusterAddress, site.CredentialFile);
        var services = new ClientServices();
        using var cluster = services.CreateCluster(
            new ClusterConnection { Nodes = [new Uri(site.ClusterAddress)], Credential = services.ReadCredential(site.CredentialFile) });
        _ = await CinderAsync(cinder, 0, WarmUpVolumes);
        _ = await ProgramAsync(site, Document("warm-program", WarmUpVolumes));
        _ = await WithinAsync(services, cluster, Document("warm-within", WarmUpVolumes));
        return await measure(new Contenders(site, cinder, services, cluster));
    }

    private static void Show(string what, List<double> seconds, List<double> compared) => Figures.Row(
        what,
        Figures.Show(Figures.Median(seconds)),
        Figures.Show(Volumes / Figures.Median(seconds)),
        Figures.Show(Figures.Median(compared.Zip(seconds, (one, other) => one / other).ToList())));

    private static string Document(string prefix, int count) =>
        $$"""{ "name": "bench", "volumes": [ {{string.Join(", ", Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "{{prefix}}-{{number}}", "size": "1GB" }""")))}} ] }""";

    private static async Task<double> CinderAsync(CinderClient cinder, int first, int count)
    {
        var watch = Stopwatch.StartNew();
        for (var number = first; number < first + count; number++)
        {
            await cinder.CreateAsync(number);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> CinderProgramAsync(BenchmarkSite site)
    {
        var watch = Stopwatch.StartNew();
        await using var cinder = await CinderClient.StartAsync(site.ClusterAddress, site.CredentialFile);
        _ = await CinderAsync(cinder, Volumes, Volumes);
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> WithinAsync(ClientServices services, ICluster cluster, string document)
    {
        var watch = Stopwatch.StartNew();
        var configuration = ConfigurationReader.Read(services.ReadJson(document, "the document"), "the document");
        var plan = await new Planner(new PlanTargets(cluster)).PlanAsync(configuration, CancellationToken.None);
        var report = await Applier.ApplyAsync(plan, new ApplyOptions(), progress: null, CancellationToken.None);
        return report.Succeeded ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("The document was not applied.");
    }

    private static async Task<double> ProgramAsync(BenchmarkSite site, string document)
    {
        var path = Path.Combine(site.Work, "apply.json");
        await File.WriteAllTextAsync(path, document, CancellationToken.None);
        var watch = Stopwatch.StartNew();
        var output = await Processes.RunAsync(
            Path.Combine(site.Programs, "hv"),
            site.Work,
            "apply",
            path,
            "--cluster",
            site.ClusterAddress,
            "--credential-file",
            site.CredentialFile);
        var seconds = watch.Elapsed.TotalSeconds;
        return output.Contains("failed", StringComparison.OrdinalIgnoreCase) ? throw new InvalidOperationException(output) : seconds;
    }

    private sealed record Contenders(BenchmarkSite Site, CinderClient Cinder, ClientServices Services, ICluster Cluster);
}
