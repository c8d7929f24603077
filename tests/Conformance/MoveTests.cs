using HedvigStorage.Hosting;
using HedvigStorage.Moving;

namespace HedvigStorage.Conformance;

/// <summary>Volumes that follow their containers from one machine to the other.</summary>
[Collection(EngineCollection.Name)]
public sealed class MoveTests
{
    // It tells its machine's time to nobody: what it has written must be there wherever it runs.
    private const string Server = "trap 'echo ended >> /volume/log; exit 0' TERM; echo started >> /volume/log; sleep 3600 & wait";

    [SkippableFact]
    public async Task A_volume_moves_with_its_containers_and_their_data_and_back()
    {
        await TwoMachines.RunAsync(async (first, second, cluster) =>
        {
            await StartServerAsync(first);
            await MoveAsync(first, second, cluster);
            Assert.Empty((await first.DockerAsync("ps", "--all", "--quiet")).Expect(0).Output.Trim());
            Assert.Equal("running blue always", (await second.DockerAsync("inspect", "server", "--format", "{{.State.Status}} {{index "
                + ".Config.Labels \"color\"}} {{.HostConfig.RestartPolicy.Name}}")).Expect(0).Output.Trim());
            Assert.Equal("second", Assert.Single(await cluster.ListAttachmentsAsync(host: null, CancellationToken.None)).Host);
            await WaitForLogAsync(second, "started\nended\nstarted\n");

            await MoveAsync(second, first, cluster);
            await WaitForLogAsync(first, "started\nended\nstarted\nended\nstarted\n");
            Assert.Equal("first", Assert.Single(await cluster.ListAttachmentsAsync(host: null, CancellationToken.None)).Host);
            (await first.DockerAsync("rm", "-f", "server")).Expect(0);
        });
    }

    [SkippableFact]
    public async Task A_container_that_cannot_start_at_the_other_machine_runs_at_its_own_again()
    {
        await TwoMachines.RunAsync(async (first, second, cluster) =>
        {
            await StartServerAsync(first);
            var archive = Path.GetTempFileName();
            try
            {
                // The image is there, but it has no shell.
                await File.WriteAllBytesAsync(archive, new byte[10240]);
                (await second.DockerAsync("import", archive, TestImages.Busybox)).Expect(0);
            }
            finally
            {
                File.Delete(archive);
            }

            var exception = await Assert.ThrowsAsync<ClusterException>(() => MoveAsync(first, second, cluster));
            Assert.StartsWith("The volume 'data' was not moved: ", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith($"The containers at {first.DockerHost} run again.", exception.Message, StringComparison.Ordinal);
            Assert.Empty((await second.DockerAsync("ps", "--all", "--quiet")).Expect(0).Output.Trim());
            await WaitForLogAsync(first, "started\nended\nstarted\n");
            Assert.Equal("first", Assert.Single(await cluster.ListAttachmentsAsync(host: null, CancellationToken.None)).Host);
            (await first.DockerAsync("rm", "-f", "server")).Expect(0);
        });
    }

    private static async Task StartServerAsync(Machine machine)
    {
        (await machine.DockerAsync(
            "run",
            "-d",
            "--name",
            "server",
            "--label",
            "color=blue",
            "--restart",
            "always",
            "--network",
            "none",
            "--volume-driver",
            "hedvig",
            "-v",
            "data:/volume",
            TestImages.Busybox,
            "sh",
            "-c",
            Server)).Expect(0);
        await WaitForLogAsync(machine, "started\n");
    }

    private static async Task MoveAsync(Machine source, Machine destination, ICluster cluster)
    {
        var services = new ClientServices();
        using var from = services.CreateDockerEngine(source.DockerHost);
        using var to = services.CreateDockerEngine(destination.DockerHost);
        var move = await VolumeMove.PlanAsync(cluster, from, to, "data", new VolumeMoveOptions(), CancellationToken.None);
        await move.RunAsync(report: null, CancellationToken.None);
    }

    private static Task WaitForLogAsync(Machine machine, string expected) =>
        Wait.UntilAsync(
            "the container has written what it should",
            async () => (await machine.DockerAsync("exec", "server", "cat", "/volume/log")).Output == expected);
}
