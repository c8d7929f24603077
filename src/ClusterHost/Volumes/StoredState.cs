using System.Diagnostics;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Holds what the engine has stored against what the catalog says of it, and remembers what is damaged. Whoever hands something out asks
/// here first.
/// </summary>
internal sealed class StoredState(CatalogDatabase catalog, IStorageEngine engine)
{
    private const string Advice = "It is neither handed out nor copied. \"Damage\" in docs/operating.md tells what to do.";
    private const int MostUnknownNamed = 5;

    // A start does not wait longer for looks that take a storage's answer each; the first round of looks has the rest.
    private static readonly TimeSpan GlanceLimit = TimeSpan.FromSeconds(10);

    private readonly DamageRegister _volumes = new("volume");
    private readonly DamageRegister _snapshots = new("snapshot");
    private IReadOnlyList<string> _unknown = [];

    public int DamagedVolumes => _volumes.Count;

    public int DamagedSnapshots => _snapshots.Count;

    /// <summary>Tells what is known to be wrong with a volume, or <see langword="null"/>.</summary>
    public string? FindDamage(string volumeId) => _volumes.Find(volumeId);

    /// <summary>Says what is wrong with what is stored and with the catalog itself; empty when nothing is.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        var problems = new List<string>();
        if (catalog.Damage is { } damage)
        {
            problems.Add(damage);
        }

        problems.AddRange(_volumes.Describe());
        problems.AddRange(_snapshots.Describe());
        if (_unknown.Count > 0)
        {
            problems.Add(DescribeUnknown(_unknown));
        }

        return problems;
    }

    public void SetUnknown(IReadOnlyList<string> paths) => _unknown = paths;

    public static string DescribeUnknown(IReadOnlyList<string> paths) => string.Create(
        CultureInfo.InvariantCulture,
        $"{paths.Count} {(paths.Count == 1 ? "file is none" : "files are none")} of the catalog's and {(paths.Count == 1 ? "is" : "are")} "
            + $"left alone: {string.Join(", ", paths.Take(MostUnknownNamed))}{(paths.Count > MostUnknownNamed ? ", …" : string.Empty)}.");

    /// <summary>Refuses a volume that is known to be damaged, or that a glance shows to be.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>.</exception>
    public void RefuseDamaged(VolumeRow row)
    {
        if (engine.FindDamage(row.Id, row.Model.Size) is { } found)
        {
            _ = _volumes.Record(row.Id, row.Model.Name, found);
        }

        if (_volumes.Find(row.Id) is { } reason)
        {
            throw new ClusterException(ErrorCode.Refused, $"{_volumes.Describe(row.Model.Name, reason)} {Advice}");
        }
    }

    /// <summary>Looks at a volume and refuses it if it is damaged. The caller holds its name.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>.</exception>
    public async Task RefuseDamagedAsync(VolumeRow row)
    {
        _ = await LookAtVolumeAsync(row);
        if (_volumes.Find(row.Id) is { } reason)
        {
            throw new ClusterException(ErrorCode.Refused, $"{_volumes.Describe(row.Model.Name, reason)} {Advice}");
        }
    }

    /// <summary>Looks at a snapshot and refuses it if it is damaged. The caller holds its volume's name.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>.</exception>
    public async Task RefuseDamagedAsync(SnapshotRow row)
    {
        _ = await LookAtSnapshotAsync(row);
        if (_snapshots.Find(row.Id) is { } reason)
        {
            throw new ClusterException(ErrorCode.Refused, $"{_snapshots.Describe(row.Model.ToString(), reason)} {Advice}");
        }
    }

    /// <summary>Glances at what is stored, before anybody is answered.</summary>
    /// <returns>What is wrong, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> GlanceAsync()
    {
        var problems = new List<string>();
        foreach (var (id, name, size) in catalog.Read(connection => connection.ListReadyVolumes()))
        {
            if (engine.FindDamage(id, size) is { } reason && _volumes.Record(id, name, reason))
            {
                problems.Add(_volumes.Describe(name, reason));
            }
        }

        var begun = Stopwatch.GetTimestamp();
        foreach (var row in catalog.Read(connection => connection.ListAllReadySnapshots()))
        {
            if (Stopwatch.GetElapsedTime(begun) > GlanceLimit)
            {
                break;
            }

            if (await LookAtSnapshotAsync(row with { Seal = null }) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    /// <summary>Looks at a volume's image. The caller holds its name.</summary>
    /// <returns>What is wrong, if that is new.</returns>
    public async Task<string?> LookAtVolumeAsync(VolumeRow row)
    {
        var reason = await engine.FindDamageAsync(row.Id, row.Model.Size, row.Seal);
        return _volumes.Record(row.Id, row.Model.Name, reason) ? _volumes.Describe(row.Model.Name, reason!) : null;
    }

    /// <summary>Looks at a snapshot's image. The caller holds its volume's name.</summary>
    /// <returns>What is wrong, if that is new.</returns>
    public async Task<string?> LookAtSnapshotAsync(SnapshotRow row)
    {
        var reason = await engine.FindSnapshotDamageAsync(row.VolumeId, row.Id, row.Model.Size, row.Seal);
        return _snapshots.Record(row.Id, row.Model.ToString(), reason) ? _snapshots.Describe(row.Model.ToString(), reason!) : null;
    }

    public void ForgetVolume(string id) => _volumes.Forget(id);

    public void ForgetSnapshot(string id) => _snapshots.Forget(id);
}
