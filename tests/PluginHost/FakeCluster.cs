using System.Collections.Concurrent;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>A cluster in memory whose volumes are sparse files in a directory, with leases as the real one gives them.</summary>
internal sealed class FakeCluster(string directory) : ICluster, IConditionalRemoval
{
    private const int SnapshotPageSize = 5;
    private readonly ConcurrentDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Snapshot> _snapshots = new();
    private readonly Lock _lock = new();
    private long _generations;

    public Uri Address { get; } = new("http://127.0.0.1:7080");

    public string UserName => "HedvigAdmin";

    public IClusterAdministration Administration => throw new NotSupportedException();

    /// <summary>Gets or sets whether nobody answers.</summary>
    public bool Down { get; set; }

    /// <summary>Gets or sets whether objects have labels.</summary>
    public bool KeepsLabels { get; set; } = true;

    /// <summary>Gets or sets what <c>Attach</c> waits for before it answers.</summary>
    public Task AttachGate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what <c>Detach</c> waits for before it answers.</summary>
    public Task DetachGate { get; set; } = Task.CompletedTask;

    /// <summary>Gets or sets what <c>ListSnapshots</c> waits for before it answers.</summary>
    public Task SnapshotGate { get; set; } = Task.CompletedTask;

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Counts the calls of one kind.</summary>
    public int Count(string call) => Calls.Count(made => string.Equals(made, call, StringComparison.Ordinal));

    public string ImageOf(string name) => Path.Combine(directory, name + ".img");

    public void Label(string name, string label, string value) =>
        _volumes[name] = _volumes[name] with
        {
            Labels = new Dictionary<string, string>(_volumes[name].Labels, StringComparer.Ordinal) { [label] = value },
        };

    public Volume? Volume(string name) => _volumes.GetValueOrDefault(name);

    public void HoldBy(string name, string host) =>
        _volumes[name] = _volumes[name] with { Attachment = Lease(name, new AttachmentHolder { Host = host, BootId = "another boot" }) };

    /// <summary>Loses a volume and its image, whoever has it.</summary>
    public void LoseVolume(string name)
    {
        _ = _volumes.TryRemove(name, out _);
        File.Delete(ImageOf(name));
    }

    /// <summary>Loses a volume's lease, as a catalog that was put back from a backup does.</summary>
    public void LoseLease(string name) => _volumes[name] = _volumes[name] with { Attachment = null };

    public void Dispose()
    {
    }

    public Task<Page<Volume>> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken) =>
        Answer(
            "List",
            () => new Page<Volume>([.. _volumes.Values.OrderBy(volume => volume.Name, StringComparer.Ordinal)], NextPageToken: null));

    public Task<Volume?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        Answer("Find", () => _volumes.GetValueOrDefault(name));

    public Task<IReadOnlyList<VolumeCreation>> CreateVolumesAsync(
        IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken) =>
        this.CreateEachVolumeAsync(specifications, cancellationToken);

    public Task<Volume> CreateVolumeAsync(VolumeSpecification specification, CancellationToken cancellationToken) => Answer("Create", () =>
    {
        if (_volumes.TryGetValue(specification.Name, out var existing))
        {
            return existing.Size == specification.Size
                ? existing
                : throw new ClusterException(
                    ErrorCode.Conflict,
                    $"Volume '{existing.Name}' exists with size {new ByteSize(existing.Size)}, not {specification.Size}.");
        }

        var source = specification.SourceVolume is { } from ? _volumes[from] : null;
        var size = specification.Size ?? source!.Size;
        if (source is not null)
        {
            File.Copy(
                specification.SourceSnapshot is { } snapshot ? SnapshotOf(source.Name, snapshot) : ImageOf(source.Name),
                ImageOf(specification.Name));
        }

        using (var image = File.OpenWrite(ImageOf(specification.Name)))
        {
            image.SetLength(size.Bytes);
        }

        return _volumes[specification.Name] = new Volume
        {
            Name = specification.Name,
            Id = Guid.NewGuid().ToString(),
            Size = size,
            SourceVolume = specification.SourceVolume,
            SourceSnapshot = specification.SourceSnapshot,
            FileSystem = specification.FileSystem ?? source?.FileSystem ?? VolumeFileSystem.Ext4,
            Uid = specification.Uid,
            Gid = specification.Gid,
            Mode = specification.Mode,
            Policy = specification.Policy,
            Labels = specification.Labels,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
    });

    public Task<Volume> ResizeVolumeAsync(string name, ByteSize size, CancellationToken cancellationToken) => Answer("Resize", () =>
    {
        using (var image = File.OpenWrite(ImageOf(name)))
        {
            image.SetLength(size.Bytes);
        }

        return _volumes[name] = _volumes[name] with { Size = size };
    });

    /// <summary>Gets or sets whether a volume can be removed by its labels in one step.</summary>
    public bool KnowsConditions { get; set; }

    /// <summary>Gets or sets what happens between the look at a volume and its removal.</summary>
    public Action BeforeDelete { get; set; } = () => { };

    public async Task<bool> TryRemoveVolumeAsync(string name, RemovalCondition condition, CancellationToken cancellationToken)
    {
        if (!KnowsConditions)
        {
            return false;
        }

        BeforeDelete();
        if (_volumes.TryGetValue(name, out var volume)
            && (condition.UnlessLabelled.Any(volume.Labels.ContainsKey) || condition.IfLabelled.Any(
                label => volume.Labels.GetValueOrDefault(label.Key) != label.Value)))
        {
            throw new ClusterException(ErrorCode.Refused, $"Volume '{name}' has other labels.");
        }

        await DeleteVolumeAsync(name, cancellationToken);
        return true;
    }

    public Task DeleteVolumeAsync(string name, CancellationToken cancellationToken) => Answer("Delete", () =>
    {
        if (_volumes.TryGetValue(name, out var volume) && volume.Attachment is { } lease)
        {
            throw new ClusterException(ErrorCode.Busy, $"Volume '{name}' is attached to host '{lease.Host}'.");
        }

        _ = _volumes.TryRemove(name, out _);
        File.Delete(ImageOf(name));
        return true;
    });

    public Task<AttachedVolume> AttachAsync(AttachmentRequest request, CancellationToken cancellationToken) => Answer("Attach", () =>
    {
        lock (_lock)
        {
            if (!_volumes.TryGetValue(request.Volume, out var volume))
            {
                throw new ClusterException(ErrorCode.NotFound, $"The volume '{request.Volume}' couldn't be found");
            }

            if (volume.Attachment is { } held && !held.IsOf(request.Holder))
            {
                throw new ClusterException(ErrorCode.Busy, $"Volume '{volume.Name}' is attached to host '{held.Host}'.");
            }

            var lease = volume.Attachment ?? Lease(volume.Name, request.Holder);
            _volumes[volume.Name] = volume = volume with { Attachment = lease };
            return new AttachedVolume { Attachment = lease, Volume = volume, DeviceKind = "image", DevicePath = ImageOf(volume.Name) };
        }
    });

    public Task<IReadOnlyList<Attachment>> RenewAttachmentsAsync(
        AttachmentHolder holder, IReadOnlyCollection<string> volumes, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Attachment>>(
            "Renew",
            () =>
                [.. volumes.Select(
                    name => _volumes.GetValueOrDefault(name)?.Attachment).OfType<Attachment>().Where(lease => lease.IsOf(holder))]);

    public Task DetachAsync(
        string volume, AttachmentHolder holder, long generation, CancellationToken cancellationToken) => Answer("Detach", () =>
    {
        lock (_lock)
        {
            if (_volumes.TryGetValue(volume, out var found))
            {
                if (found.Attachment is { } lease && !lease.IsOf(holder))
                {
                    throw new ClusterException(ErrorCode.Busy, $"Volume '{volume}' is attached to host '{lease.Host}'.");
                }

                _volumes[volume] = found with { Attachment = null };
            }

            return true;
        }
    });

    public Task<Attachment?> FenceAttachmentAsync(string volume, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IClusterAccess Access => throw new NotSupportedException();

    public Task ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ClusterCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        Answer("Capabilities", () => new ClusterCapabilities { Engine = "Embedded", Labels = KeepsLabels });

    public Task<ClusterInformation> GetInformationAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Volume> UpdateVolumeAsync(string name, VolumeChange change, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Volume> RevertVolumeAsync(string name, string snapshot, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Policy>> ListPoliciesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CheckPlacementAsync(VolumeAttributes requested, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Policy> CreatePolicyAsync(PolicySpecification specification, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Policy> UpdatePolicyAsync(string name, PolicyChange change, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeletePolicyAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<Snapshot>> ListSnapshotsAsync(
        SnapshotQuery query, CancellationToken cancellationToken) => Answer("ListSnapshots", () =>
    {
        var all = _snapshots.Where(snapshot => snapshot.Volume == query.Volume).OrderBy(snapshot => snapshot.Name, StringComparer.Ordinal)
            .ToList();
        var start = query.PageToken is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var end = Math.Min(start + SnapshotPageSize, all.Count);
        return new Page<Snapshot>([.. all[start..end]], end < all.Count ? end.ToString(CultureInfo.InvariantCulture) : null);
    });

    public Task<Snapshot> CreateSnapshotAsync(
        string volume,
        string? name,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken) => Answer("CreateSnapshot", () =>
    {
        File.Copy(ImageOf(volume), SnapshotOf(volume, name!));
        var snapshot = new Snapshot
        {
            Volume = volume,
            Name = name!,
            Size = _volumes[volume].Size,
            CreatedAt = DateTimeOffset.UnixEpoch.AddDays(_snapshots.Count),
        };
        _snapshots.Enqueue(snapshot);
        _volumes[volume] = _volumes[volume] with { SnapshotCount = _snapshots.Count(other => other.Volume == volume) };
        return snapshot;
    });

    public Task SetLabelsAsync(LabelledObject item, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteSnapshotAsync(string volume, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string? host, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Attachment>>(
            "ListAttachments",
            () => [.. _volumes.Values.Select(volume => volume.Attachment).OfType<Attachment>().Where(lease => lease.Host == host)]);

    private string SnapshotOf(string volume, string snapshot) => Path.Combine(directory, $"{volume}@{snapshot}.img");

    private Attachment Lease(string volume, AttachmentHolder holder) =>
        new()
        {
            Volume = volume,
            Host = holder.Host,
            HostId = holder.HostId,
            BootId = holder.BootId,
            Process = holder.Process,
            Generation = Interlocked.Increment(ref _generations),
        };

    private async Task<T> Answer<T>(string call, Func<T> answer)
    {
        await Task.Yield();
        Calls.Enqueue(call);
        await (call switch { "Attach" => AttachGate, "Detach" => DetachGate, "ListSnapshots" => SnapshotGate, _ => Task.CompletedTask });
        return Down ? throw new ClusterException(ErrorCode.Unreachable, $"The cluster at {Address} could not be reached.") : answer();
    }
}
