namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// Two machines with an engine and a plugin host each, on one cluster. What a test leaves of its volume <c>data</c> must be free in the
/// end.
/// </summary>
internal static class TwoMachines
{
    public static async Task RunAsync(Func<Machine, Machine, ICluster, Task> test)
    {
        Skip.If(DockerDaemon.WhyNot() is not null, DockerDaemon.WhyNot());
        Skip.IfNot(Programs.Exists("ip"), "ip is not installed.");

        // The machines run side by side with those of others, so the addresses are drawn.
        var network = string.Create(CultureInfo.InvariantCulture, $"10.213.{Random.Shared.Next(256)}.");
        await using var first = await Machine.StartAsync("first", network + "1");
        await using var second = await Machine.StartAsync("second", network + "5");
        await using var site = await Site.StartClusterAsync(first.DockerHost, $"http://{network}1:0", "--allow-plain-http");
        using var cluster = site.Cluster();
        var credential = Path.Combine(site.ClusterData, "credential.json");
        await first.StartPluginAsync(cluster.Address, credential);
        await second.StartPluginAsync(cluster.Address, credential);
        await test(first, second, cluster);
        (await second.DockerAsync("volume", "rm", "data")).Expect(0);
        Assert.Empty(await cluster.ListAttachmentsAsync(host: null, CancellationToken.None));
        Assert.Empty((await cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None)).Items);
    }
}
