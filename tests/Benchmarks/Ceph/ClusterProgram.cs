using System.Diagnostics;
using HedvigStorage.Hosting;

namespace HedvigStorage.Benchmarks.Ceph;

/// <summary>An hv-cluster that runs, and a client of it.</summary>
internal sealed class ClusterProgram : IAsyncDisposable
{
    private readonly Process _process;

    private ClusterProgram(Process process, ICluster cluster)
    {
        _process = process;
        Cluster = cluster;
    }

    public ICluster Cluster { get; }

    public double ResidentMegabytes => Processes.ResidentMegabytes(_process.Id);

    public static async Task<ClusterProgram> StartAsync(string work, string programs, string name, params string[] options)
    {
        var data = Path.Combine(work, name);
        var process = Processes.Start(
            Path.Combine(programs, "hv-cluster"), work, ["--data", data, "--listen", "http://127.0.0.1:0", "--overcommit", "0", .. options]);
        var address = await Processes.ClusterAddressAsync(process, data);
        var services = new ClientServices();
        return new ClusterProgram(
            process,
            services.CreateCluster(new ClusterConnection
            {
                Nodes = [new Uri(address)],
                Credential = services.ReadCredential(Path.Combine(data, "credential.json")),
            }));
    }

    public async ValueTask DisposeAsync()
    {
        Cluster.Dispose();
        await Processes.EndAsync(_process);
        _process.Dispose();
    }
}
