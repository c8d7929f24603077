using HedvigStorage.Documents;

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
    public async Task What_has_no_room_is_refused_by_the_plan_with_what_is_there_and_converges_once_it_asks_for_less()
    {
        const string Site = """
            {
              "name": "site",
              "policies": [
                { "name": "far", "replicationFactor": COPIES, "residence": "HDD" },
                { "name": "split", "replicationFactor": 3, "replicationPolicy": "DataCenterAware", "dataCenters": ["dc2", "CENTER"] }
              ],
              "volumes": [
                { "name": "a", "size": "64MB", "policy": "far" }, { "name": "b", "size": "64MB", "policy": "split" },
                { "name": "c", "size": "64MB", "policy": "split", "replicationFactor": OWN }
              ]
            }
            """;
        using var cluster = await StartAsync();
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => PlanAsync(cluster, Ask("4", "dc3", "6")));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Equal(
            [
                "$.policies[0]: 4 copies on a host each need 4 hosts with disks of the class hdd, and this Ceph cluster has 3: h2, h4, h6. "
                    + "Ask for 3 copies or fewer.",
                "$.policies[1]: There is no data center 'dc3': this Ceph cluster has 2 data centers: dc1, dc2.",
                "$.volumes[2]: There is no data center 'dc3': this Ceph cluster has 2 data centers: dc1, dc2.",
            ],
            error.Errors);
        Assert.Empty(await cluster.ListPoliciesAsync(default));
        await ConvergeAsync(cluster, Ask("3", "dc1", "4"));

        static Configuration Ask(string copies, string center, string own) => Read(Site.Replace("COPIES", copies, StringComparison.Ordinal)
            .Replace("CENTER", center, StringComparison.Ordinal).Replace("OWN", own, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task A_policy_is_not_changed_to_what_its_volumes_own_attributes_do_not_go_with()
    {
        using var cluster = await StartAsync();
        await ConvergeAsync(cluster, Read("""
            {
              "policies": [ { "name": "p", "replicationPolicy": "Agnostic" } ],
              "volumes": [ { "name": "a", "size": "64MB", "policy": "p", "replicationFactor": 4 } ]
            }
            """));
        var hdd = new PolicyChange { Attributes = new VolumeAttributes { Residence = Residence.HDD } };
        var error = await Assert.ThrowsAsync<ClusterException>(() => cluster.UpdatePolicyAsync("p", hdd, default));
        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.StartsWith(
            "Volumes that have the policy 'p' would ask for replicationFactor=4, replicationPolicy=Agnostic, residence=HDD: "
                + "4 copies on a host each need 4 hosts with disks of the class hdd",
            error.Message,
            StringComparison.Ordinal);
        Assert.Null(Assert.Single(await cluster.ListPoliciesAsync(default)).Requested.Residence);
    }

    private protected override async Task<IHostSite> OpenAsync() => await CephSite.StartAsync(ceph);
}
