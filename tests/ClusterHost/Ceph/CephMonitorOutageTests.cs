namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>No monitor of Ceph's answers.</summary>
[Collection(CephCollection.Name)]
public sealed class CephMonitorOutageTests(CephFixture ceph) : IDisposable
{
    private static readonly TimeSpan Operation = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Call = TimeSpan.FromSeconds(8);

    // A call that has failed is taken back in the same request, which may take as long.
    private static readonly TimeSpan Request = 2 * Call;

    private readonly TemporaryDirectory _directory = new();

    [SkippableFact]
    public async Task What_needs_a_monitor_fails_in_time_with_the_cause_and_all_goes_on_by_itself()
    {
        await using var site = await CephSite.StartAsync(
            ceph, limit: options => options with { OperationLimit = Operation, CallLimit = Call });
        foreach (var name in (string[])["v", "w", "x"])
        {
            (await site.CreateAsync(name)).Succeeds();
        }

        ceph.Kill("mon.a");
        try
        {
            var starting = Task.Run(Start);
            var making = site.CreateAsync("new", copies: 2);
            var snapping = site.SnapshotAsync("v", "s");
            var growing = site.GrowAsync("w");

            Assert.Equal(3, (await site.Client.ListVolumesAsync()).Count);
            (await site.CreateAsync("beside")).Succeeds();
            Assert.False(making.IsCompleted);

            (await making).Fails("Unreachable", "monitors do not answer", Request);
            (await snapping).Fails("Unreachable", "monitors do not answer", Request);
            (await growing).Succeeds();
            (await site.RemoveAsync("x")).Succeeds();
            await site.TellsAsync("Ceph's monitors do not answer");
            Assert.Equal(3, (await site.Client.ListVolumesAsync()).Count);
            Assert.Empty((await site.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());

            var (status, error) = await starting;
            Assert.Equal(1, status);
            Assert.Contains("No Ceph monitor answered within 10 s", Assert.Single(error), StringComparison.Ordinal);
        }
        finally
        {
            ceph.Start("mon.a");
        }

        await Eventually.TrueAsync(async () => (await site.SnapshotAsync("v", "s")).Code is null, "snapshots are made again", seconds: 60);
        (await site.CreateAsync("new", copies: 2)).Succeeds();
        await site.AgreeAsync();
        await ceph.BeCleanAsync();
    }

    public void Dispose() => _directory.Dispose();

    private (int Status, string[] Error) Start()
    {
        var (status, _, error) = Shell.Try(
            HostProcess.Program, "--data", _directory["data"], "--listen", "http://127.0.0.1:0", "--engine", "ceph", "--ceph-conf",
            ceph.ConfigFile, "--ceph-user", ceph.HostUser, "--ceph-pool", "none");
        return (status, error.TrimEnd().Split('\n'));
    }
}
