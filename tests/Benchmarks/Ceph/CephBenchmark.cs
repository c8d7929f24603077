using System.Diagnostics;

namespace HedvigStorage.Benchmarks.Ceph;

/// <summary>
/// What volumes over Ceph take, beside the embedded engine, librbd alone and the <c>rbd</c> tool, in turn, all on a Ceph cluster with three
/// OSDs on this machine; then batches, a long listing, and what the hosts have resident.
/// </summary>
internal static class CephBenchmark
{
    private const int Rounds = 100;
    private const int ToolRounds = 15;
    private const int BatchSize = 1_000;
    private const int Batches = 10;
    private const int OneByOne = 200;
    private const int Listings = 7;
    private const int AtOnce = 32;
    private static readonly TimeSpan Background = TimeSpan.FromMilliseconds(500);
    private const string Pool = "bench";

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>(StringComparer.Ordinal);

    public static async Task RunAsync(string work, string programs, string script)
    {
        var directory = Path.Combine(Path.GetTempPath(), Path.GetFileName(work) + "-ceph");
        try
        {
            _ = await Processes.RunAsync("bash", work, script, "up", directory, "--osds", "3");
            var configuration = Path.Combine(directory, "ceph.conf");
            _ = await Processes.RunAsync("ceph", work, "--conf", configuration, "osd", "pool", "create", Pool);
            _ = await Processes.RunAsync("rbd", work, "--conf", configuration, "pool", "init", Pool);
            await using var embedded = await ClusterProgram.StartAsync(work, programs, "embedded");
            await using var ceph = await ClusterProgram.StartAsync(
                work, programs, "ceph", "--engine", "ceph", "--ceph-conf", configuration);
            await using var library = new RbdLibrary(configuration, Pool, work);
            await MeasureCallsAsync(work, configuration, embedded.Cluster, ceph.Cluster, library);
            await MeasureBatchesAsync(embedded.Cluster, ceph.Cluster, library);
            await MeasureListingAsync(embedded.Cluster, ceph.Cluster, library);
            Figures.Title("Resident after that");
            Figures.Head("engine", "hv-cluster's MB");
            Figures.Row("embedded", Figures.Show(embedded.ResidentMegabytes));
            Figures.Row("Ceph", Figures.Show(ceph.ResidentMegabytes));
        }
        finally
        {
            _ = await Processes.RunAsync("bash", work, script, "down", directory);
        }
    }

    private static async Task MeasureCallsAsync(
        string work, string configuration, ICluster embedded, ICluster ceph, RbdLibrary library)
    {
        string[] names = ["create", "snapshot", "clone", "remove the clone"];
        var times = new Dictionary<(string Contender, string Call), List<double>>();
        for (var round = -5; round < Rounds; round++)
        {
            var number = (round + 5).ToString(CultureInfo.InvariantCulture);
            foreach (var (contender, cluster) in new[] { ("embedded", embedded), ("Ceph", ceph) })
            {
                Keep(round, contender, names[0], await TimeAsync(() => CreateAsync(cluster, "v" + number)));
                Keep(round, contender, names[1], await TimeAsync(() => cluster.CreateSnapshotAsync("v" + number, "s", NoLabels, default)));
                Keep(round, contender, names[2], await TimeAsync(() => cluster.CreateVolumeAsync(
                    new VolumeSpecification { Name = "c" + number, SourceVolume = "v" + number, SourceSnapshot = "s" }, default)));
                Keep(round, contender, names[3], await TimeAsync(() => cluster.DeleteVolumeAsync("c" + number, default)));
            }

            // A removal goes on after its answer, and would be counted against whoever comes next.
            await Task.Delay(Background);

            Keep(round, "librbd", names[0], await library.CallAsync("create", "v" + number));
            Keep(round, "librbd", names[1], await library.CallAsync("snapshot", "v" + number, "s"));
            Keep(round, "librbd", names[2], await library.CallAsync("clone", "v" + number, "s", "c" + number));
            Keep(round, "librbd", names[3], await library.CallAsync("remove", "c" + number));
            if (round < ToolRounds)
            {
                var (volume, clone) = ($"{Pool}/tv{number}", $"{Pool}/tc{number}");
                Keep(round, "rbd", names[0], await ToolAsync("create", "--size", "1G", volume));
                Keep(round, "rbd", names[1], await ToolAsync("snap", "create", volume + "@s"));
                Keep(round, "rbd", names[2], await ToolAsync("clone", "--rbd-default-clone-format", "2", volume + "@s", clone));
                Keep(round, "rbd", names[3], await ToolAsync("remove", "--no-progress", clone));
            }
        }

        Figures.Title("One volume, ms, median");
        Figures.Head("", "embedded", "Ceph", "librbd alone", "the `rbd` tool", "Ceph above librbd");
        foreach (var name in names)
        {
            double Milliseconds(string contender) => Figures.Median(times[(contender, name)]) * 1000;
            Figures.Row(
                name,
                Figures.Show(Milliseconds("embedded")),
                Figures.Show(Milliseconds("Ceph")),
                Figures.Show(Milliseconds("librbd")),
                Figures.Show(Milliseconds("rbd")),
                Figures.Show(Figures.Median(times[("Ceph", name)].Zip(times[("librbd", name)], (ours, its) => (ours - its) * 1000))));
        }

        Task<double> ToolAsync(params string[] arguments) =>
            TimeAsync(() => Processes.RunAsync("rbd", work, ["--conf", configuration, .. arguments]));

        void Keep(int round, string contender, string call, double seconds)
        {
            if (!times.TryGetValue((contender, call), out var kept))
            {
                times.Add((contender, call), kept = []);
            }

            if (round >= 0)
            {
                kept.Add(seconds);
            }
        }
    }

    private static async Task MeasureBatchesAsync(ICluster embedded, ICluster ceph, RbdLibrary library)
    {
        Figures.Title("Many volumes, by one request each and by requests for 1,000");
        Figures.Head("", "one by one, volumes a second", "1,000 together, volumes a second", "times as fast");
        await MeasureAsync("embedded", batch => CreateEachAsync(embedded, batch), batch => CreateTogetherAsync(embedded, batch));
        await MeasureAsync("Ceph", batch => CreateEachAsync(ceph, batch), batch => CreateTogetherAsync(ceph, batch));
        await MeasureAsync(
            string.Create(CultureInfo.InvariantCulture, $"librbd alone, {AtOnce} at once"),
            batch => CreateByLibraryAsync($"o{batch}", OneByOne, atOnce: 1),
            batch => CreateByLibraryAsync($"b{batch}", BatchSize, AtOnce));

        static async Task MeasureAsync(string name, Func<int, Task> each, Func<int, Task> together)
        {
            var (single, batched, ratios) = (new List<double>(), new List<double>(), new List<double>());
            for (var batch = 0; batch < Batches; batch++)
            {
                single.Add(OneByOne / await TimeAsync(() => each(batch)));
                batched.Add(BatchSize / await TimeAsync(() => together(batch)));
                ratios.Add(batched[^1] / single[^1]);
            }

            Figures.Row(
                name,
                Figures.Show(Figures.Median(single)),
                Figures.Show(Figures.Median(batched)),
                Figures.Show(Figures.Median(ratios)));
        }

        static async Task CreateEachAsync(ICluster cluster, int batch)
        {
            for (var number = 0; number < OneByOne; number++)
            {
                _ = await CreateAsync(cluster, $"o{batch}-{number}");
            }
        }

        static Task CreateTogetherAsync(ICluster cluster, int batch) => cluster.CreateVolumesAsync(
            Enumerable.Range(0, BatchSize).Select(number => Specify($"b{batch}-{number}")).ToList(), default);

        Task CreateByLibraryAsync(string prefix, int number, int atOnce) => library.CallAsync(
            "create_many", prefix, number.ToString(CultureInfo.InvariantCulture), atOnce.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task MeasureListingAsync(ICluster embedded, ICluster ceph, RbdLibrary library)
    {
        var times = new Dictionary<string, List<double>>(StringComparer.Ordinal) { ["embedded"] = [], ["Ceph"] = [], ["librbd"] = [] };
        for (var listing = 0; listing < Listings; listing++)
        {
            times["embedded"].Add(await TimeAsync(() => ListAsync(embedded)));
            times["Ceph"].Add(await TimeAsync(() => ListAsync(ceph)));
            times["librbd"].Add(await library.CallAsync("count"));
        }

        Figures.Title("Listing more than 10,000 volumes, seconds, median");
        Figures.Head("embedded", "Ceph", "librbd, the names alone");
        Figures.Row(times.Values.Select(seconds => Figures.Show(Figures.Median(seconds))).ToArray());
    }

    private static async Task ListAsync(ICluster cluster)
    {
        string? after = null;
        do
        {
            after = (await cluster.ListVolumesAsync(new VolumeQuery { PageSize = 1000, PageToken = after }, default)).NextPageToken;
        }
        while (after is not null);
    }

    private static Task<Volume> CreateAsync(ICluster cluster, string name) => cluster.CreateVolumeAsync(Specify(name), default);

    private static VolumeSpecification Specify(string name) => new() { Name = name, Size = ByteSize.FromGigabytes(1) };

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var watch = Stopwatch.StartNew();
        await act();
        return watch.Elapsed.TotalSeconds;
    }
}
