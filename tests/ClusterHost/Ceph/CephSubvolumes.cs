using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Subvolumes as another client of Ceph sees them.</summary>
internal sealed class CephSubvolumes(CephOptions options) : IDisposable
{
    private readonly RadosCluster _client = RadosCluster.Connect(options, new CephCalls());

    public void Dispose() => _client.Dispose();

    /// <summary>Makes a subvolume, and tells its path.</summary>
    public string Create(string group, string name)
    {
        _client.Manager.Run("fs subvolume create", ("vol_name", "cephfs"), ("group_name", group), ("sub_name", name));
        return Encoding.UTF8.GetString(_client.Manager.Command(CephCommand.Write(
            "fs subvolume getpath", ("vol_name", "cephfs"), ("group_name", group), ("sub_name", name)))).Trim();
    }

    /// <summary>Lists what is in a group: each subvolume with its size and how many snapshots it has.</summary>
    public IEnumerable<(string Name, long Size, int Snapshots)> List(string group)
    {
        foreach (var name in Names("fs subvolume ls", group, subvolume: null))
        {
            if (Ask("fs subvolume info", group, name) is { } info)
            {
                using (info)
                {
                    _ = info.RootElement.TryGetProperty("bytes_quota", out var quota);
                    var size = quota.ValueKind == JsonValueKind.Number ? quota.GetInt64() : 0;
                    yield return (name, size, Names("fs subvolume snapshot ls", group, name).Count);
                }
            }
        }
    }

    private List<string> Names(string command, string group, string? subvolume)
    {
        using var answer = Ask(command, group, subvolume);
        return answer is null ? [] : [.. answer.RootElement.EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];
    }

    // What is removed meanwhile, or is a clone that has not become one, tells nothing.
    private JsonDocument? Ask(string command, string group, string? subvolume)
    {
        try
        {
            return JsonDocument.Parse(_client.Manager.Command(CephCommand.Write(
                command, ("vol_name", "cephfs"), ("group_name", group), ("sub_name", subvolume))));
        }
        catch (CephException error) when (error.Error is CephException.NotThere or CephException.Again)
        {
            return null;
        }
    }
}
