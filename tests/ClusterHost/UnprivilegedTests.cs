using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class UnprivilegedTests
{
    internal static string[] AsNobody { get; } = ["--reuid=65534", "--regid=65534", "--clear-groups"];

    [SkippableFact]
    public async Task Without_root_volumes_are_made_snapshotted_cloned_and_removed()
    {
        Skip.IfNot(Shell.IsRoot, "Changing the user needs root.");
        using var directory = new TemporaryDirectory();
        using var program = new OpenProgram();
        Shell.Run("chown", "65534:65534", directory.Path);
        await using var host = await HostProcess.StartAsync(directory["data"], ["setpriv", .. AsNobody], program.Path);
        await host.Client.CreateAsync("v");
        await host.Client.SnapshotAsync("v", "s");
        await host.Client.CloneAsync("v", "c", "s");
        await host.Client.OkAsync("RevertVolume", new JsonObject { ["virtualDisk"] = "v", ["snapshotName"] = "s" });
        await host.Client.DeleteAsync("v");
        Assert.Equal("c", Assert.Single(await host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
    }

    [SkippableFact]
    public async Task Without_root_a_snapshot_of_a_mounted_volume_is_refused_and_says_what_to_do()
    {
        Skip.IfNot(Shell.IsRoot, "Changing the user needs root.");
        using var directory = new TemporaryDirectory();
        using var program = new OpenProgram();
        Shell.Run("chown", "65534:65534", directory.Path);
        await using var host = await HostProcess.StartAsync(directory["data"], ["setpriv", .. AsNobody], program.Path);
        await host.Client.CreateAsync("v");
        var image = await host.Client.ImagePathAsync("v");
        LoopMount.Format("ext4", image);
        using var mount = LoopMount.Open("ext4", image, directory["mount"]);
        var message = await host.Client.FailAsync(
            "Refused", "MakeSnapshot", new JsonObject { ["virtualDisks"] = new JsonArray("v"), ["snapshotName"] = "s" });
        Assert.Contains("root", message, StringComparison.Ordinal);
        Assert.Contains("Unmount", message, StringComparison.Ordinal);
        Assert.Empty((await host.Client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray());
        Assert.Empty(Directory.GetFiles(directory["data/snapshots"]));
        await File.WriteAllTextAsync(directory["mount/still"], "writable");
    }
}
