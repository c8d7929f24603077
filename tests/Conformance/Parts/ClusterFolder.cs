namespace HedvigStorage.Conformance.Parts;

/// <summary>A folder with an embedded cluster of its own that hv has started, on a machine without a Docker Engine.</summary>
internal sealed class ClusterFolder : IAsyncDisposable
{
    private ClusterFolder()
    {
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("hedvigstorage-cluster-").FullName;

    /// <summary>Gets the cluster's data folder.</summary>
    public string Data => Path.Combine(Folder, ".hedvig", "cluster");

    /// <summary>Starts one.</summary>
    /// <param name="options">More options of the start.</param>
    public static async Task<ClusterFolder> StartAsync(params string[] options)
    {
        var cluster = new ClusterFolder();
        (await cluster.HvAsync(["cluster", "start", "--listen", "http://127.0.0.1:0", .. options])).Expect(0);
        return cluster;
    }

    /// <summary>Runs hv in the folder, whose cluster it finds by itself.</summary>
    public Task<Ended> HvAsync(params string[] arguments) =>
        Programs.RunAsync(
            Programs.Path("hv"),
            Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock" },
            arguments);

    public async ValueTask DisposeAsync()
    {
        var stopped = await HvAsync("cluster", "stop");
        Directory.Delete(Folder, recursive: true);
        _ = stopped.Expect(0);
    }
}
