using System.Diagnostics;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// Whether a volume of a large document costs more than one of a small one: documents of growing size, whose volumes all have one policy,
/// planned and applied in a process that runs, each on a cluster of its own, in turn.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Rounds = 3;
    private const int Planned = 100_000;
    private static readonly int[] Sizes = [1_000, 4_000, 16_000];

    public static async Task RunAsync(string work, string programs)
    {
        var seconds = Sizes.ToDictionary(size => size, _ => new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var size in Sizes)
            {
                var taken = await ApplyAsync(work, programs, size);
                if (round >= 0)
                {
                    seconds[size].Add(taken);
                }
            }
        }

        Figures.Title("Growth: plan and apply of new volumes with a policy, in a process that runs");
        Figures.Head("volumes", "seconds, median", "ms a volume", "of that with 1,000");
        var first = Figures.Median(seconds[Sizes[0]]) / Sizes[0];
        foreach (var size in Sizes)
        {
            var each = Figures.Median(seconds[size]) / size;
            Figures.Row(
                size.ToString("N0", CultureInfo.InvariantCulture),
                Figures.Show(Figures.Median(seconds[size])),
                Figures.Show(each * 1000),
                Figures.Show(each / first));
        }

        await using var site = await StartAsync(work, programs);
        using var cluster = Connect(site, out var services);
        var watch = Stopwatch.StartNew();
        var plan = await PlanAsync(services, cluster, Document(Planned));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A document of {plan.Changes.Count() - 1:N0} new volumes is read "
            + $"and planned in {watch.Elapsed.TotalSeconds:0.0} seconds."));
    }

    private static async Task<double> ApplyAsync(string work, string programs, int size)
    {
        await using var site = await StartAsync(work, programs);
        using var cluster = Connect(site, out var services);
        var document = Document(size);
        var watch = Stopwatch.StartNew();
        var report = await Applier.ApplyAsync(
            await PlanAsync(services, cluster, document), new ApplyOptions(), progress: null, CancellationToken.None);
        return report.Succeeded ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("The document was not applied.");
    }

    private static Task<BenchmarkSite> StartAsync(string work, string programs) =>
        BenchmarkSite.StartAsync(Directory.CreateDirectory(Path.Combine(work, Path.GetRandomFileName())).FullName, programs);

    private static ICluster Connect(BenchmarkSite site, out ClientServices services)
    {
        services = new ClientServices();
        return services.CreateCluster(
            new ClusterConnection { Nodes = [new Uri(site.ClusterAddress)], Credential = services.ReadCredential(site.CredentialFile) });
    }

    private static Task<Plan> PlanAsync(ClientServices services, ICluster cluster, string document) =>
        new Planner(new PlanTargets(cluster))
            .PlanAsync(ConfigurationReader.Read(services.ReadJson(document, "the document"), "the document"), CancellationToken.None);

    private static string Document(int count) =>
        $$"""{ "name": "growth", "policies": [ { "name": "gold", "compression": false } ], "volumes": [ {{string.Join(", ", Enumerable.Range(0, count).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "grow-{{number}}", "size": "1GB", "policy": "gold" }""")))}} ] }""";
}
