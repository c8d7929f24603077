using System.Diagnostics;
using HedvigStorage.Conformance.Torture;
using Xunit.Abstractions;

namespace HedvigStorage.Conformance;

/// <summary>
/// Everything at once, and everything killed at random meanwhile. <c>HV_TORTURE_SECONDS</c> says for how long, <c>HV_TORTURE_SEED</c>
/// repeats the choices of a run; with an even seed containers survive the engine (live-restore).
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class TortureTests(ITestOutputHelper output)
{
    private const int Workers = 8;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task What_was_acknowledged_is_there_and_nothing_is_left_however_often_hosts_and_engine_are_killed()
    {
        Skip.If(DockerDaemon.WhyNot() is not null, DockerDaemon.WhyNot());
        var seed = Number("HV_TORTURE_SEED") ?? Random.Shared.Next(1_000_000);
        var time = TimeSpan.FromSeconds(Number("HV_TORTURE_SECONDS") ?? 120);
        var survives = seed % 2 == 0;
        output.WriteLine($"HV_TORTURE_SEED={seed}, {(survives ? "with" : "without")} live-restore");
        await using var engine = await DockerDaemon.StartAsync(
            Directory.CreateTempSubdirectory("hvd-").FullName, survives ? ["--live-restore"] : []);
        await TestImages.EnsureBusyboxAsync(engine.Address);
        var site = await Site.StartAsync(engine.Address);
        try
        {
            await TortureAsync(engine, site, seed, time, survives);
        }
        catch
        {
            foreach (var (name, file) in new[] { ("plugin host", site.PluginLog), (
                "cluster host", Path.Combine(site.ClusterData, "hv-cluster.log")), ("engine", engine.Log) })
            {
                output.WriteLine($"--- {name}\n{string.Join('\n', File.ReadLines(file).TakeLast(300))}");
            }

            await site.AbandonAsync();
            throw;
        }

        await site.DisposeAsync();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private async Task TortureAsync(DockerDaemon engine, Site site, int seed, TimeSpan time, bool survives)
    {
        using var cluster = site.Cluster();
        using var broken = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(broken.Token);
        var clock = Stopwatch.StartNew();
        var disturber = new Disturber(site, engine, seed, clock);
        var tally = new Tally();
        var caller = new Caller(site, cluster, disturber, tally, clock, broken.Token);
        var workers = Enumerable.Range(0, Workers).Select(number => new Worker(number, seed + (100 * number), caller, survives)).ToList();
        try
        {
            stop.CancelAfter(time);
            await AllAsync([.. disturber.Run(stop.Token), .. workers.Select(worker => worker.RunAsync(stop.Token))], broken);
            await AllAsync([.. workers.Select(worker => worker.EndAsync())], broken);
            await AssertNothingLeftAsync(site, cluster);
        }
        catch
        {
            output.WriteLine(string.Join('\n', caller.History.TakeLast(400)));
            throw;
        }
        finally
        {
            foreach (var kind in disturber.Outages.GroupBy(
                outage => outage.What, StringComparer.Ordinal).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            {
                output.WriteLine($"{kind.Count(),6} × {kind.Key} at {string.Join(' ', kind.Select(outage => outage.Began.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)))}");
            }

            output.WriteLine($"{tally.Done} operations done, {tally.Failed} tries failed, in {clock.Elapsed}");
            output.WriteLine(string.Join('\n', tally.Lines()));
        }
    }

    // The first failure is the one that counts: what follows from it, or from the end that it brings, is not shown.
    private static async Task AllAsync(IReadOnlyCollection<Task> tasks, CancellationTokenSource broken)
    {
        await foreach (var task in Task.WhenEach(tasks))
        {
            if (task.IsFaulted)
            {
                await broken.CancelAsync();
                await Task.WhenAll(tasks).ContinueWith(_ => { }, TaskScheduler.Default);
                await task;
            }
        }
    }

    private static async Task AssertNothingLeftAsync(Site site, ICluster cluster)
    {
        await Wait.UntilAsync("no mount is left", () => Task.FromResult(site.Mounts().Count == 0), Settling);
        await Wait.UntilAsync(
            "no attachment is left",
            async () => (await cluster.ListAttachmentsAsync(host: null, CancellationToken.None)).Count == 0,
            Settling);
        Assert.Empty((await cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None)).Items);
        Assert.Empty((await site.DockerAsync("volume", "ls", "-q", "--filter", "driver=" + site.Driver)).Expect(0).Output);
        Assert.Empty((await site.DockerAsync("ps", "-aq")).Expect(0).Output);
        Assert.DoesNotContain(
            site.Folder, (await Programs.RunAsync("losetup", "/", environment: null, "-a")).Expect(0).Output, StringComparison.Ordinal);

        // While it runs it keeps blank images ready for the volumes to come.
        await site.StopClusterAsync();
        Assert.Empty(Directory.EnumerateFiles(site.ClusterData, "*.img*", SearchOption.AllDirectories));
        await site.StartClusterAgainAsync();
    }
}
