namespace HedvigStorage.ClusterHost.Tests;

/// <summary>While a volume is moved to where its policy asks for, whoever looks at it sees how far that is.</summary>
public sealed class MoveProgressTests
{
    [Fact]
    public async Task How_far_a_move_is_is_told_while_it_goes_on_and_not_before_nor_after()
    {
        MovingEngine? engine = null;
        await using var host = await InProcessHost.StartAsync(configure: options => options with
        {
            OpenEngine = site => engine = new MovingEngine(options.OpenEngine(site)) { Part = 0.427 },
            UpkeepInterval = TimeSpan.FromMilliseconds(50),
        });
        using var cluster = host.Connect();
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = "v", Size = ByteSize.FromMegabytes(16) }, CancellationToken.None);
        Assert.Null(await FindAsync());

        _ = await cluster.UpdateVolumeAsync(
            "v", new VolumeChange { Attributes = new VolumeAttributes { ReplicationFactor = 2 } }, CancellationToken.None);
        await Eventually.TrueAsync(async () => await FindAsync() == 42, "42 % are told");
        Assert.Equal(42, (await cluster.ListVolumesAsync(new VolumeQuery(), CancellationToken.None)).Items[0].MovedPercent);

        engine!.End();
        await Eventually.TrueAsync(async () => await FindAsync() is null, "the move has ended");

        async Task<int?> FindAsync() => (await cluster.FindVolumeAsync("v", CancellationToken.None))!.MovedPercent;
    }
}
