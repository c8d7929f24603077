using System.Diagnostics;
using HedvigStorage.Hosting;

namespace HedvigStorage.Benchmarks;

/// <summary><c>hv plan</c> of a document whose volumes are all in place, from the start of the process to its end.</summary>
internal static class PlanBenchmark
{
    private const int Rounds = 5;
    private static readonly int[] Sizes = [1_000, 10_000];

    public static async Task RunAsync(BenchmarkSite site)
    {
        Figures.Title("hv plan, nothing to do");
        Figures.Head("volumes", "s, median", "most resident, MB");
        var services = new ClientServices();
        using var cluster = services.CreateCluster(
            new ClusterConnection { Nodes = [new Uri(site.ClusterAddress)], Credential = services.ReadCredential(site.CredentialFile) });
        var made = 0;
        foreach (var size in Sizes)
        {
            await Parallel.ForEachAsync(Enumerable.Range(made, size - made), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (
                number, cancellationToken) =>
                await cluster.CreateVolumeAsync(
                    new VolumeSpecification { Name = Name(number), Size = ByteSize.FromMegabytes(64) }, cancellationToken));
            made = size;
            var document = Path.Combine(site.Work, "plan.json");
            await File.WriteAllTextAsync(
                document,
                $$"""{ "volumes": [ {{string.Join(", ", Enumerable.Range(0, size).Select(number => $$"""{ "name": "{{Name(number)}}", "size": "64MB" }"""))}} ] }""",
                CancellationToken.None);
            var seconds = new List<double>();
            var memory = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                var output = await Processes.RunAsync(
                    Path.Combine(site.Programs, "hv"),
                    site.Work,
                    "plan",
                    document,
                    "--cluster",
                    site.ClusterAddress,
                    "--credential-file",
                    site.CredentialFile);
                seconds.Add(watch.Elapsed.TotalSeconds);
                if (!output.Contains("Nothing to do", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"The plan is not empty: {output[..Math.Min(500, output.Length)]}");
                }

                memory.Add(await MostResidentAsync(site, document));
            }

            Figures.Row(
                size.ToString("N0", CultureInfo.InvariantCulture),
                Figures.Show(Figures.Median(seconds)),
                Figures.Show(Figures.Median(memory)));
        }
    }

    // Run apart from the timed run: the watching costs.
    private static async Task<double> MostResidentAsync(BenchmarkSite site, string document)
    {
        using var process = Processes.Start(
            Path.Combine(site.Programs, "hv"),
            site.Work,
            "plan",
            document,
            "--cluster",
            site.ClusterAddress,
            "--credential-file",
            site.CredentialFile);
        var ended = process.WaitForExitAsync();
        var most = 0.0;
        while (!ended.IsCompleted)
        {
            try
            {
                most = Math.Max(most, Processes.ResidentMegabytes(process.Id, "VmHWM"));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // It ended while it was looked at.
            }

            await Task.Delay(5);
        }

        return most;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"plan{number:00000}");
}
