namespace HedvigStorage.Benchmarks;

/// <summary>Start to first answer, and resident memory after a hundred mounts.</summary>
internal static class StartBenchmark
{
    private const int Rounds = 9;
    private const int Cycles = 100;

    public static async Task RunAsync(BenchmarkSite site)
    {
        var contenders = new[] { site.Hedvig, site.Rclone };
        var starts = new Dictionary<PluginContender, List<double>>();
        foreach (var contender in contenders)
        {
            starts[contender] = [];
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                starts[contender].Add((await contender.StartAsync()).TotalMilliseconds);
                await contender.StopAsync();
            }
        }

        Figures.Title("Plugin host: start and memory");
        Figures.Head("", "start to first answer, ms", "resident at rest, MB", $"resident after {Cycles} cycles, MB");
        foreach (var contender in contenders)
        {
            _ = await contender.StartAsync();
            var rest = Processes.ResidentMegabytes(contender.ProcessId);
            using var client = new PluginClient(contender.Socket);
            for (var i = 0; i < Cycles; i++)
            {
                await client.CycleAsync($"memory{i}", contender.Options);
            }

            Figures.Row(
                contender.Name,
                Figures.Show(Figures.Median(starts[contender])),
                Figures.Show(rest),
                Figures.Show(Processes.ResidentMegabytes(contender.ProcessId)));
        }
    }
}
