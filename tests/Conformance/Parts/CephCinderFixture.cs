using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Parts;

/// <summary>Cinder's own driver against clusters that keep their volumes in one Ceph cluster, each in pools of its own.</summary>
public sealed class CephCinderFixture : CinderFixture
{
    private readonly CephDaemons _ceph = new();
    private int _clusters;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _ceph.Dispose();
    }

    internal override Task<ClusterProcess> StartClusterAsync(int port = 0, params string[] options) => base.StartClusterAsync(
        port,
        [
            .. options,
            "--engine",
            "ceph",
            "--ceph-conf",
            _ceph.ConfigFile,
            "--ceph-user",
            CephDaemons.HostUser,
            "--ceph-pool",
            string.Create(CultureInfo.InvariantCulture, $"c{Interlocked.Increment(ref _clusters)}"),
        ]);

    /// <summary>Asks one of Ceph's programs as the user that may do everything.</summary>
    internal JsonNode AskCeph(string program, params string[] arguments) =>
        JsonNode.Parse(_ceph.Run(program, [.. arguments, "--format", "json"]))!;

    private protected override string? FindMissing() => CephDaemons.Missing;
}
