using System.Diagnostics;
using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// The cycle through a Docker Engine, the only way to reach its own driver: a volume is made, mounted and unmounted by a container that
/// starts and ends, and removed.
/// </summary>
internal static class EngineBenchmark
{
    private const int Rounds = 25;
    private const string Image = "busybox:bench";

    public static async Task RunAsync(BenchmarkSite site)
    {
        // dockerd looks for drivers in one place only; a spec file there points to sockets anywhere.
        var suffix = Path.GetFileName(site.Work).ToLowerInvariant();
        var contenders = new (string Name, string Driver, string? Socket, IReadOnlyDictionary<string, string> Options)[]
        {
            (site.Hedvig.Name, "hvbench-" + suffix, site.Hedvig.Socket, site.Hedvig.Options),
            (site.Rclone.Name, "rcbench-" + suffix, site.Rclone.Socket, site.Rclone.Options),
            ("local", "local", null, new Dictionary<string, string>(StringComparer.Ordinal)),
        };
        var specs = new List<string>();
        try
        {
            foreach (var contender in contenders.Where(contender => contender.Socket is not null))
            {
                _ = Directory.CreateDirectory("/etc/docker/plugins");
                var spec = $"/etc/docker/plugins/{contender.Driver}.spec";
                await File.WriteAllTextAsync(spec, "unix://" + contender.Socket);
                specs.Add(spec);
            }

            await using var daemon = await DockerDaemon.StartAsync(Path.Combine(site.Work, "d"));
            await daemon.ImportBusyboxAsync(Image);
            using var engine = new DockerEngineClient(daemon.Address);
            var times = contenders.ToDictionary(contender => contender.Name, _ => new List<double>(), StringComparer.Ordinal);
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (name, driver, _, options) in contenders)
                {
                    times[name].Add(await CycleAsync(engine, driver, $"engine-{round}", options));
                }
            }

            Figures.Title("The same through a Docker Engine, with a container that starts and ends");
            Figures.Head("", "ms a cycle, median", "against local");
            foreach (var (name, _, _, _) in contenders)
            {
                Figures.Row(
                    name,
                    Figures.Show(Figures.Median(times[name])),
                    Figures.Show(Figures.Median(times[name].Zip(times["local"], (its, local) => its / local))));
            }
        }
        finally
        {
            specs.ForEach(File.Delete);
        }
    }

    private static async Task<double> CycleAsync(
        DockerEngineClient engine, string driver, string name, IReadOnlyDictionary<string, string> options)
    {
        var watch = Stopwatch.StartNew();
        _ = await engine.CreateVolumeAsync(
            name, driver, options, new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None);
        var specification = new ContainerSpecification
        {
            Image = Image,
            Command = ["/bin/true"],
            NetworkMode = "none",
            Mounts = [new ContainerMount { Source = name, Target = "/data", Driver = driver }],
        };
        var container = await engine.CreateContainerAsync(name, specification, CancellationToken.None);
        await engine.StartContainerAsync(container, CancellationToken.None);
        _ = await engine.WaitContainerAsync(container, CancellationToken.None);
        await engine.RemoveContainerAsync(container, force: true, CancellationToken.None);
        await engine.RemoveVolumeAsync(name, CancellationToken.None);
        return watch.Elapsed.TotalMilliseconds;
    }
}
