using HedvigStorage.Conformance.Parts;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Module.Tests;

/// <summary>
/// The client that the module brings into Windows PowerShell 5.1, on a runtime of .NET Framework's kind: Mono, which runs here.
/// </summary>
public sealed class FrameworkRuntimeTests
{
    private const string Mono = "mono";

    private static string FrameworkClient =>
        Path.Combine(Programs.Directory, "..", "..", "FrameworkClient", Path.GetFileName(Programs.Directory), "FrameworkClient.exe");

    [SkippableFact]
    public async Task The_module_s_loader_brings_in_the_client_which_does_what_it_does_elsewhere()
    {
        Skip.IfNot(Programs.Exists(Mono), "mono is not installed; Debian's package is mono-devel.");
        await using var cluster = await ClusterProcess.StartAsync();
        var ended = (await Programs.RunAsync(
            Mono, cluster.Folder, environment: null, FrameworkClient, Path.Combine(
                Programs.RepositoryRoot, "artifacts", "HedvigStorage", "dependencies", "netstandard2.0"),
            $"http://{cluster.Node}", cluster.CredentialFile, $"http://127.0.0.1:{ClusterProcess.FreePort()}")).Expect(0);
        var told = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.Equal("64MB", told["new"]);
        Assert.Equal("300", told["many"]);
        Assert.Equal("301", told["list"]);
        Assert.Equal(
            "Conflict: A volume 'db' already exists and has the size 64MB, not 65MB. Give another name, or remove that volume first.",
            told["conflict"]);
        Assert.Equal("policy/gold:Create volume/web:Create volume/db:Grow", told["apply"]);
        Assert.Equal("0", told["again"]);
        Assert.StartsWith("Unreachable: No cluster answers at ", told["nobody"], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_client_of_the_Docker_Engine_does_there_what_it_does_elsewhere()
    {
        Skip.IfNot(Programs.Exists(Mono), "mono is not installed; Debian's package is mono-devel.");
        Skip.IfNot(DockerDaemon.WhyNot() is null, DockerDaemon.WhyNot());
        await using var cluster = await ClusterProcess.StartAsync();
        var address = $"tcp://127.0.0.1:{ClusterProcess.FreePort()}";
        var folder = Directory.CreateTempSubdirectory("hv-docker-").FullName;
        await using var daemon = await DockerDaemon.StartAsync(folder, "--host", address, "--tls=false");
        await daemon.ImportBusyboxAsync("busybox:test");

        var ended = (await Programs.RunAsync(
            Mono,
            cluster.Folder,
            environment: null,
            FrameworkClient,
            Path.Combine(Programs.RepositoryRoot, "artifacts", "HedvigStorage", "dependencies", "netstandard2.0"),
            $"http://{cluster.Node}",
            cluster.CredentialFile,
            $"http://127.0.0.1:{ClusterProcess.FreePort()}",
            address)).Expect(0);

        var told = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.Equal("linux", told["engine"]);
        Assert.Equal("yes", told["volume"]);
        Assert.Equal("3 said no /data job", told["container"]);
        Assert.StartsWith("Conflict: Docker: ", told["taken"], StringComparison.Ordinal);
        Assert.StartsWith("Busy: Docker: ", told["used"], StringComparison.Ordinal);
        Assert.Equal("both", told["removed"]);
        Assert.StartsWith("Unreachable: No Docker Engine answers at tcp://127.0.0.1:", told["refusing"], StringComparison.Ordinal);
        Assert.EndsWith(": connection refused.", told["refusing"], StringComparison.Ordinal);
    }
}
