namespace HedvigStorage.ClusterHost.Tests;

/// <summary>The product's own client against a cluster host.</summary>
public sealed class AccessClientTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Everything_about_access_can_be_made_listed_and_removed()
    {
        await using var host = await InProcessHost.StartAsync();
        using var cluster = host.Connect();
        var access = cluster.Access;
        _ = await cluster.CreateVolumeAsync(new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16) }, None);
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "f", Size = ByteSize.FromMegabytes(16), Type = VolumeType.File }, None);

        Assert.Equal(ErrorCode.InvalidArgument, (await FailAsync(() => access.AddLunAsync("v", "p1", readOnly: false, None))).Code);
        _ = await access.CreateTargetAsync(new Target { Name = "p1" }, None);
        _ = await access.CreateTargetAsync(new Target { Name = "n1", Protocol = TargetProtocol.Nfs, ComputeHosts = ["web1"] }, None);
        Assert.Equal(["web2"], (await access.UpdateTargetAsync("n1", ["web2"], None)).ComputeHosts, StringComparer.Ordinal);
        Assert.Equal(["p1", "n1"], (await access.ListTargetsAsync(null, None)).Select(target => target.Name), StringComparer.Ordinal);
        Assert.Equal(TargetProtocol.Nfs, Assert.Single(await access.ListTargetsAsync("web2", None)).Protocol);

        Assert.Null(await access.FindLunAsync("v", "p1", None));
        var lun = await access.AddLunAsync("v", "p1", readOnly: true, None);
        Assert.Equal(lun, await access.AddLunAsync("v", "p1", readOnly: true, None));
        Assert.Equal(lun, await access.FindLunAsync("v", "p1", None));
        Assert.Equal(lun, Assert.Single(await access.ListLunsAsync("v", None)));
        Assert.Equal(ErrorCode.Conflict, (await FailAsync(() => access.AddLunAsync("v", "p1", readOnly: false, None))).Code);
        Assert.Equal(ErrorCode.Busy, (await FailAsync(() => cluster.DeleteVolumeAsync("v", None))).Code);
        Assert.Equal(ErrorCode.Busy, (await FailAsync(() => access.DeleteTargetAsync("p1", None))).Code);
        Assert.Equal(ErrorCode.NotFound, (await FailAsync(() => access.FindLunAsync("none", "p1", None))).Code);

        var export = await access.AddExportAsync("f", "n1", None);
        Assert.Equal(export, Assert.Single(await access.ListExportsAsync("f", None)));
        Assert.Empty(await access.ListLunsAsync("f", None));
        Assert.Equal(ErrorCode.Refused, (await FailAsync(() => access.AddExportAsync("v", "n1", None))).Code);

        var rule = new AccessRule { Volume = "v", Target = "p1", Type = AccessRuleType.Iqn, Address = "iqn.1993-08.org.debian:01:web1" };
        await access.AddRuleAsync(rule, None);
        Assert.Equal(rule, Assert.Single(await access.ListRulesAsync("v", None)));
        Assert.Equal(ErrorCode.InvalidArgument, (await FailAsync(() => access.AddRuleAsync(rule with { Address = "web1" }, None))).Code);

        var initiator = await access.RegisterInitiatorAsync(new HostInitiator("web1", rule.Address), None);
        Assert.Equal(initiator, await access.FindInitiatorAsync("web1", None));
        Assert.Equal(initiator, Assert.Single(await access.ListInitiatorsAsync(None)));

        for (var round = 0; round < 2; round++)
        {
            await access.RemoveRuleAsync("v", "p1", rule.Address, None);
            await access.RemoveLunAsync("v", "p1", None);
            await access.RemoveExportAsync("f", "n1", None);
            await access.UnregisterInitiatorAsync("web1", None);
            await access.DeleteTargetAsync("p1", None);
            await access.DeleteTargetAsync("n1", None);
        }

        Assert.Empty(await access.ListRulesAsync("v", None));
        Assert.Null(await access.FindInitiatorAsync("web1", None));
        Assert.Empty(await access.ListTargetsAsync(null, None));
        await cluster.DeleteVolumeAsync("v", None);
        await cluster.DeleteVolumeAsync("f", None);
        await access.RemoveLunAsync("v", "p1", None);
    }

    private static Task<ClusterException> FailAsync(Func<Task> work) => Assert.ThrowsAsync<ClusterException>(work);
}
