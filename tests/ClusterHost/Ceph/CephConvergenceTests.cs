using HedvigStorage.Planning;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Documents that are converged on a cluster host over Ceph.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephConvergenceTests(CephFixture ceph) : ConvergenceContract
{
    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Documents_at_random_converge_one_after_the_other_and_their_export_is_what_is_there(int seed) =>
        ConvergeAtRandomAsync(seed, rounds: 3);

    [SkippableFact]
    public async Task What_has_no_room_fails_alone_with_what_is_there_and_converges_once_it_asks_for_less()
    {
        const string Site = """
            {
              "name": "site",
              "policies": [
                { "name": "far", "replicationFactor": COPIES, "residence": "HDD" },
                { "name": "split", "replicationFactor": 3, "replicationPolicy": "DataCenterAware", "dataCenters": ["dc2", "dc1"] }
              ],
              "volumes": [ { "name": "a", "size": "64MB", "policy": "far" }, { "name": "b", "size": "64MB", "policy": "split" } ]
            }
            """;
        using var cluster = await StartAsync();
        var report = await ApplyAsync(cluster, Read(Site.Replace("COPIES", "4", StringComparison.Ordinal)));
        var outcomes = report.Outcomes.ToDictionary(outcome => outcome.Step.Id, StringComparer.Ordinal);
        Assert.Equal(
            "4 copies on a host each need 4 hosts with disks of the class hdd, and this Ceph cluster has 3: h2, h4, h6. "
                + "Ask for 3 copies or fewer.",
            outcomes["policy/far"].Error);
        Assert.Equal(
            (StepState.Skipped, StepState.Succeeded, StepState.Succeeded),
            (outcomes["volume/a"].State, outcomes["policy/split"].State, outcomes["volume/b"].State));
        Assert.Null(await cluster.FindVolumeAsync("a", default));
        await ConvergeAsync(cluster, Read(Site.Replace("COPIES", "3", StringComparison.Ordinal)));
    }

    private protected override async Task<IHostSite> OpenAsync() => await CephSite.StartAsync(ceph);
}
