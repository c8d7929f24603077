using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The program over a Ceph cluster, as a Ceph user with the rights that docs/ceph.md names.</summary>
[Collection(CephCollection.Name)]
public sealed class CephStartTests(CephFixture ceph) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string _prefix = $"s{Guid.NewGuid():N}"[..8];

    private string Data => _directory["data"];

    private string[] Engine =>
        ["--engine", "ceph", "--ceph-conf", ceph.ConfigFile, "--ceph-user", ceph.HostUser, "--ceph-pool", _prefix];

    public void Dispose() => _directory.Dispose();

    [SkippableFact]
    public async Task Volumes_of_both_types_outlive_the_program_and_the_directory_keeps_its_engine()
    {
        await using (var host = await HostProcess.StartAsync(Data, arguments: Engine))
        {
            await MakeAsync(host, "b", "BLOCK");
            await MakeAsync(host, "f", "NFS");
            await host.Client.SnapshotAsync("f", "s");
            Assert.Equal("Ceph", (string?)(await host.Client.OkAsync("Capabilities"))!["engine"]);
            Assert.StartsWith("cephfs:/volumes/", await host.Client.ImagePathAsync("f"), StringComparison.Ordinal);
            Assert.StartsWith(_prefix, await host.Client.ImagePathAsync("b"), StringComparison.Ordinal);
            Assert.Equal(0, await host.StopAsync());
        }

        Assert.Equal((0, "Nothing is wrong.\n"), Check(Engine));
        var embedded = Shell.Try(HostProcess.Program, "--data", Data, "--listen", "http://127.0.0.1:0");
        Assert.Equal(1, embedded.Status);
        Assert.Contains("--engine ceph", Assert.Single(embedded.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(1, Check([]).Status);

        await using (var host = await HostProcess.StartAsync(Data, arguments: Engine))
        {
            await MakeAsync(host, "b", "BLOCK");
            await MakeAsync(host, "f", "NFS");
            await host.Client.DeleteAsync("b");
            await host.Client.DeleteAsync("f");
            Assert.Equal(0, await host.StopAsync());
        }
    }

    [SkippableFact]
    public async Task A_cluster_whose_machine_is_gone_is_served_again_from_a_backup_and_what_was_made_since_is_left_alone()
    {
        var file = _directory["catalog.backup"];
        await using (var host = await HostProcess.StartAsync(Data, arguments: Engine))
        {
            await MakeAsync(host, "b", "BLOCK");
            Assert.Equal(0, await host.StopAsync());
            Assert.Equal(0, Shell.Try(HostProcess.Program, ["--data", Data, "--backup", file, .. Engine]).Status);
        }

        string later;
        await using (var host = await HostProcess.StartAsync(Data, arguments: Engine))
        {
            await MakeAsync(host, "later", "BLOCK");
            later = await host.Client.ImagePathAsync("later");
            Assert.Equal(0, await host.StopAsync());
        }

        var elsewhere = _directory["elsewhere"];
        Directory.CreateDirectory(elsewhere);
        File.Copy(file, Path.Combine(elsewhere, "catalog.db"));
        await using (var host = await HostProcess.StartAsync(elsewhere, arguments: Engine))
        {
            Assert.Equal("b", Assert.Single(await host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
            Assert.StartsWith(_prefix, await host.Client.ImagePathAsync("b"), StringComparison.Ordinal);
            await host.Client.DeleteAsync("b");
            var health = (await host.Client.OkAsync("CheckCluster"))!.ToJsonString();
            Assert.Contains(later.Split('/')[^1], health, StringComparison.Ordinal);
            Assert.Equal(0, await host.StopAsync());
        }

        await using (var host = await HostProcess.StartAsync(Data, arguments: Engine))
        {
            Assert.Equal(later, await host.Client.ImagePathAsync("later"));
            await host.Client.DeleteAsync("later");
            Assert.Equal(0, await host.StopAsync());
        }
    }

    [SkippableFact]
    public async Task A_directory_of_the_embedded_engine_is_refused_to_Ceph_in_one_line()
    {
        await using (var host = await HostProcess.StartAsync(Data))
        {
            Assert.Equal(0, await host.StopAsync());
        }

        var (status, _, error) = Shell.Try(HostProcess.Program, ["--data", Data, "--listen", "http://127.0.0.1:0", .. Engine]);

        Assert.Equal(1, status);
        Assert.Contains("--engine embedded", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("--ceph-conf", "/nowhere/ceph.conf", "/nowhere/ceph.conf")]
    [InlineData("--ceph-user", "nobody", "client.nobody")]
    public void What_is_wrong_with_the_way_to_Ceph_is_one_line_that_names_it(string option, string value, string named)
    {
        var arguments = Engine;
        arguments[Array.IndexOf(arguments, option) + 1] = value;

        var (status, _, error) = Shell.Try(HostProcess.Program, ["--data", Data, "--listen", "http://127.0.0.1:0", .. arguments]);

        Assert.Equal(1, status);
        Assert.Contains(named, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static Task<JsonNode?> MakeAsync(HostProcess host, string name, string type) => host.Client.OkAsync(
        "AddVirtualDisk", new JsonObject { ["name"] = name, ["size"] = "1GB", ["diskType"] = type });

    private (int Status, string Output) Check(string[] engine)
    {
        var (status, output, _) = Shell.Try(HostProcess.Program, ["--data", Data, "--check", .. engine]);
        return (status, output);
    }
}
