using System.Diagnostics;
using HedvigStorage.Hosting;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// What the cmdlets' pipeline costs over the client that they use: the same work from this process, ten requests at once as the cmdlets
/// have them. Needs the module as a build for release leaves it.
/// </summary>
internal static class PipelineBenchmark
{
    private const int Listed = 100_000;
    private const int Changed = 10_000;
    private const int AtOnce = 10;

    // The runtime compiles again what is used often, for some seconds: not before that is the pipeline compared with the client and not
    // with the compiler.
    private const int WarmUp = 3_000;
    private const int Rounds = 3;

    public static async Task RunAsync(BenchmarkSite site, string module)
    {
        var services = new ClientServices();
        using var cluster = services.CreateCluster(
            new ClusterConnection { Nodes = [new Uri(site.ClusterAddress)], Credential = services.ReadCredential(site.CredentialFile) });
        foreach (var portion in Enumerable.Range(0, Listed).Select(number => Blank($"listed-{Text(number)}")).Chunk(1000))
        {
            _ = await cluster.CreateVolumesAsync(portion, CancellationToken.None);
        }

        var direct = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        var piped = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        await DirectAsync(cluster, "warm", WarmUp, []);
        for (var round = 0; round < Rounds; round++)
        {
            await DirectAsync(cluster, $"d{Text(round)}", Changed, direct);
            await PipedAsync(site, module, $"p{Text(round)}", piped);
        }

        Figures.Title("The pipeline of the cmdlets");
        Figures.Head("what", "cmdlets, s, median", "client alone, s, median", "ratio");
        Show(@"`1..10000 \| New-HvVolume`", "new", piped, direct);
        Show("`Get-HvVolume` of 100,000 and more", "get", piped, direct);
        Show("its first object", "first", piped, direct);
        Show(@"`Get-HvVolume … \| Remove-HvVolume` of 10,000", "remove", piped, direct);
    }

    private static void Show(
        string what, string name, Dictionary<string, List<double>> piped, Dictionary<string, List<double>> direct) => Figures.Row(
        what,
        Figures.Show(Figures.Median(piped[name])),
        Figures.Show(Figures.Median(direct[name])),
        Figures.Show(Figures.Median(piped[name].Zip(direct[name], (one, other) => one / other).ToList())));

    private static async Task DirectAsync(ICluster cluster, string prefix, int count, Dictionary<string, List<double>> times)
    {
        var names = Enumerable.Range(0, count).Select(number => $"{prefix}-{Text(number)}").ToArray();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        await TimeAsync(
            "new",
            () =>
                Parallel.ForEachAsync(
                    names, parallel, async (name, cancellationToken) => await cluster.CreateVolumeAsync(Blank(name), cancellationToken)),
            times);
        await TimeAsync("first", () => cluster.ListVolumesAsync(new VolumeQuery { PageSize = 1 }, CancellationToken.None), times);
        await TimeAsync("get", () => cluster.ListAllVolumesAsync(new VolumeQuery(), CancellationToken.None), times);
        await TimeAsync(
            "remove",
            async () =>
            {
                var found = await cluster.ListAllVolumesAsync(new VolumeQuery { Pattern = prefix + "-*" }, CancellationToken.None);
                await Parallel.ForEachAsync(
                    found, parallel, async (volume, cancellationToken) => await cluster.DeleteVolumeAsync(volume.Name, cancellationToken));
            },
            times);
    }

    private static async Task PipedAsync(BenchmarkSite site, string module, string prefix, Dictionary<string, List<double>> times)
    {
        var output = await Processes.RunAsync(
            PowerShellProgram.Describe(
                "-File", Path.Combine(AppContext.BaseDirectory, "Pipeline", "measure.ps1"),
                "-Module",
                module,
                "-Address",
                site.ClusterAddress,
                "-CredentialFile",
                site.CredentialFile,
                "-Prefix",
                prefix,
                "-Count",
                Text(Changed),
                "-WarmUp",
                Text(WarmUp)),
            site.Work);
        foreach (var parts in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
        {
            Add(times, parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    private static async Task TimeAsync(string name, Func<Task> work, Dictionary<string, List<double>> times)
    {
        var watch = Stopwatch.StartNew();
        await work();
        Add(times, name, watch.Elapsed.TotalSeconds);
    }

    private static void Add(Dictionary<string, List<double>> times, string name, double seconds)
    {
        if (!times.TryGetValue(name, out var list))
        {
            times[name] = list = [];
        }

        list.Add(seconds);
    }

    private static VolumeSpecification Blank(string name) => new() { Name = name, Size = ByteSize.FromMegabytes(16) };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
