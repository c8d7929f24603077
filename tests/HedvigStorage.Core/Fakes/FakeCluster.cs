namespace HedvigStorage.Tests.Fakes;

/// <summary>A cluster in memory, with the contract's rules that plans rest on, which counts what it is asked.</summary>
internal sealed class FakeCluster : ICluster
{
    private readonly Lock _lock = new();
    private int _ids;

    public FakeCluster() => FakeAccess = new FakeAccess(this);

    public Uri Address { get; } = new("http://127.0.0.1:1");

    public string UserName => "test";

    public IClusterAdministration Administration => throw new NotSupportedException();

    public IClusterAccess Access => FakeAccess;

    public FakeAccess FakeAccess { get; }

    public SortedDictionary<string, Volume> Volumes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Policy> Policies { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Snapshot> Snapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the changing calls in the order of their ends, such as <c>create volume/a</c>.</summary>
    public List<string> Changes { get; } = [];

    public int Listings { get; private set; }

    /// <summary>Gets how many volumes each request for many was for.</summary>
    public List<int> Batches { get; } = [];

    /// <summary>Gets what was asked about placements, in order.</summary>
    public List<VolumeAttributes> PlacementsAsked { get; } = [];

    /// <summary>Gets or sets how many copies can be placed.</summary>
    public int MostCopies { get; set; } = 6;

    private Random? _failures;
    private int _oneIn;

    public HashSet<string> Failing { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the change that ends with an exception that no cluster should throw.</summary>
    public string? Broken { get; set; }

    /// <summary>Gets or sets what tells who has a volume mounted, by which it cannot be removed.</summary>
    public Func<string, string?>? UserOf { get; set; }

    public ClusterCapabilities Capabilities { get; set; } = new()
    {
        Engine = "Embedded",
        Extension = true,
        Labels = true,
        SnapshotSchedules = true,
        VolumeBatches = true,
        HonouredAttributes = [],
    };

    /// <summary>Lets one change in so many fail from now on; 0 lets none.</summary>
    public void FailAtRandom(int seed, int oneIn) => (_failures, _oneIn) = (new Random(seed), oneIn);

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<ClusterCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) => Task.FromResult(Capabilities);

    public Task<ClusterInformation> GetInformationAsync(CancellationToken cancellationToken) => Task.FromResult(new ClusterInformation());

    public Task<Page<Volume>> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken)
    {
        Listings++;
        var items = Volumes.Values
            .Where(volume => query.Names is null || query.Names.Contains(volume.Name, StringComparer.Ordinal))
            .Where(volume => query.PageToken is null || string.CompareOrdinal(volume.Name, query.PageToken) > 0)
            .Take(query.PageSize + 1)
            .ToArray();
        return Task.FromResult(items.Length > query.PageSize
            ? new Page<Volume>(items[..query.PageSize], items[query.PageSize - 1].Name)
            : new Page<Volume>(items, null));
    }

    /// <summary>Gets or sets whether volumes are not found because nobody answers.</summary>
    public bool Down { get; set; }

    public Task<Volume?> FindVolumeAsync(string name, CancellationToken cancellationToken) => Down
        ? throw new ClusterException(ErrorCode.Unreachable, "The cluster does not answer.")
        : Task.FromResult(Volumes.GetValueOrDefault(name));

    public Task<IReadOnlyList<VolumeCreation>> CreateVolumesAsync(
        IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Batches.Add(specifications.Count);
        }

        return Failing.Contains("create volumes")
            ? throw new ClusterException(ErrorCode.Unreachable, "The cluster was made to be gone.")
            : this.CreateEachVolumeAsync(specifications, cancellationToken);
    }

    public Task<Volume> CreateVolumeAsync(
        VolumeSpecification specification, CancellationToken cancellationToken) => ChangeAsync($"create volume/{specification.Name}", () =>
    {
        if (specification.Policy is { } policy && !Policies.ContainsKey(policy))
        {
            throw new ClusterException(ErrorCode.NotFound, $"The policy '{policy}' couldn't be found");
        }

        var source = specification.SourceVolume is null ? null : Volumes.GetValueOrDefault(specification.SourceVolume)
            ?? throw new ClusterException(ErrorCode.NotFound, $"The volume '{specification.SourceVolume}' couldn't be found");
        if (specification.SourceSnapshot is { } image && !Snapshots.ContainsKey($"{specification.SourceVolume}@{image}"))
        {
            throw new ClusterException(ErrorCode.NotFound, $"The snapshot '{specification.SourceVolume}@{image}' couldn't be found");
        }

        if (Volumes.ContainsKey(specification.Name))
        {
            throw new ClusterException(ErrorCode.Conflict, $"The volume '{specification.Name}' is there.");
        }

        var size = specification.Size ?? source!.Size;
        return Volumes[specification.Name] = new Volume
        {
            Name = specification.Name,
            Id = $"id-{++_ids}",
            Labels = specification.Labels,
            SourceVolume = specification.SourceVolume,
            SourceSnapshot = specification.SourceSnapshot,
            Uid = specification.Uid,
            Gid = specification.Gid,
            Mode = specification.Mode,
            Takeover = specification.Takeover ?? TakeoverPolicy.Never,
            Size = new ByteSize((size.Bytes + 4095) / 4096 * 4096),
            Type = specification.Type ?? source?.Type ?? VolumeType.Block,
            Policy = specification.Policy,
            Requested = Requested(specification.Attributes, specification.Policy),
            FileSystem = specification.FileSystem ?? source?.FileSystem ?? VolumeFileSystem.Ext4,
            Protected = specification.Protected ?? false,
            Description = specification.Description ?? string.Empty,
        };
    });

    public Task<Volume> UpdateVolumeAsync(
        string name, VolumeChange change, CancellationToken cancellationToken) => ChangeAsync($"update volume/{name}", () =>
    {
        var volume = Volumes[name];
        var policy = change.Policy ?? volume.Policy;
        return Volumes[name] = volume with
        {
            Policy = policy,
            Requested = change.Attributes.Over(Requested(volume.Requested, policy)),
            Description = change.Description ?? volume.Description,
            Protected = change.Protected ?? volume.Protected,
            Takeover = change.Takeover ?? volume.Takeover,
        };
    });

    public Task<Volume> ResizeVolumeAsync(string name, ByteSize size, CancellationToken cancellationToken) =>
        ChangeAsync($"resize volume/{name}", () => Volumes[name] = Volumes[name] with { Size = size });

    public Task DeleteVolumeAsync(string name, CancellationToken cancellationToken) => ChangeAsync($"delete volume/{name}", () =>
    {
        if (Volumes.TryGetValue(name, out var volume) && volume.Protected)
        {
            throw new ClusterException(ErrorCode.Refused, $"The volume '{name}' is protected.");
        }

        if (Volumes.ContainsKey(name) && UserOf?.Invoke(name) is { } user)
        {
            throw new ClusterException(ErrorCode.Busy, $"The volume '{name}' is in use by {user}.");
        }

        FakeAccess.RefuseMapped(name);
        foreach (var snapshot in Snapshots.Values.Where(snapshot => snapshot.Volume == name).Select(
            snapshot => $"{snapshot.Volume}@{snapshot.Name}").ToList())
        {
            _ = Snapshots.Remove(snapshot);
        }

        FakeAccess.Forget(name);
        return Volumes.Remove(name);
    });

    public Task<Volume> RevertVolumeAsync(string name, string snapshot, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Policy>> ListPoliciesAsync(CancellationToken cancellationToken)
    {
        Listings++;
        return Task.FromResult<IReadOnlyList<Policy>>(Policies.Values.ToArray());
    }

    public Task CheckPlacementAsync(VolumeAttributes requested, CancellationToken cancellationToken)
    {
        PlacementsAsked.Add(requested);
        return requested.ReplicationFactor > MostCopies
            ? Task.FromException(new ClusterException(
                ErrorCode.Refused, $"{requested.ReplicationFactor} copies cannot be placed: there are {MostCopies} hosts."))
            : Task.CompletedTask;
    }

    public Task<Policy> CreatePolicyAsync(PolicySpecification specification, CancellationToken cancellationToken) =>
        ChangeAsync($"create policy/{specification.Name}", () => Policies[specification.Name] = new Policy
        {
            Name = specification.Name,
            Description = specification.Description ?? string.Empty,
            Requested = specification.Attributes,
            SnapshotSchedule = specification.SnapshotSchedule ?? SnapshotSchedule.None,
            Labels = specification.Labels,
        });

    public Task<Policy> UpdatePolicyAsync(string name, PolicyChange change, CancellationToken cancellationToken) =>
        ChangeAsync($"update policy/{name}", () => Policies[name] = Policies[name] with
        {
            Description = change.Description ?? Policies[name].Description,
            Requested = change.Attributes.Over(Policies[name].Requested),
            SnapshotSchedule = change.SnapshotSchedule ?? Policies[name].SnapshotSchedule,
        });

    public Task DeletePolicyAsync(string name, CancellationToken cancellationToken) => ChangeAsync($"delete policy/{name}", () =>
        Volumes.Values.FirstOrDefault(volume => volume.Policy == name) is { } user
            ? throw new ClusterException(ErrorCode.Busy, $"The policy '{name}' is had by {user.Name}.")
            : Policies.Remove(name));

    public Task<Page<Snapshot>> ListSnapshotsAsync(SnapshotQuery query, CancellationToken cancellationToken)
    {
        Listings++;
        return Task.FromResult(new Page<Snapshot>(
            Snapshots.Values.Where(snapshot => query.Volume is null || snapshot.Volume == query.Volume).ToArray(), null));
    }

    public Task<Snapshot> CreateSnapshotAsync(
        string volume,
        string? name,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken) => ChangeAsync($"create snapshot/{volume}@{name}", () =>
        Volumes.TryGetValue(volume, out var source)
            ? Snapshots[$"{volume}@{name}"] = new Snapshot { Volume = volume, Name = name!, Size = source.Size, Labels = labels }
            : throw new ClusterException(ErrorCode.NotFound, $"The volume '{volume}' couldn't be found"));

    public Task SetLabelsAsync(
        LabelledObject item,
        IReadOnlyDictionary<string, string?> labels,
        CancellationToken cancellationToken) => ChangeAsync($"label {item}", () =>
    {
        switch (item.Kind)
        {
            case LabelledKind.Policy:
                Policies[item.Name] = Policies[item.Name] with { Labels = Merge(Policies[item.Name].Labels) };
                break;
            case LabelledKind.Volume:
                Volumes[item.Name] = Volumes[item.Name] with { Labels = Merge(Volumes[item.Name].Labels) };
                break;
            case LabelledKind.Snapshot:
                var snapshot = $"{item.Volume}@{item.Name}";
                Snapshots[snapshot] = Snapshots[snapshot] with { Labels = Merge(Snapshots[snapshot].Labels) };
                break;
            default:
                FakeAccess.Relabel(item, Merge);
                break;
        }

        return true;

        Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> old) => old.Where(label => !labels.ContainsKey(label.Key))
            .Concat(labels.Where(label => label.Value is not null).Select(label => KeyValuePair.Create(label.Key, label.Value!)))
            .ToDictionary(StringComparer.Ordinal);
    });

    public Task DeleteSnapshotAsync(string volume, string name, CancellationToken cancellationToken) =>
        ChangeAsync($"delete snapshot/{volume}@{name}", () => Snapshots.Remove($"{volume}@{name}"));

    public Task<AttachedVolume> AttachAsync(AttachmentRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Attachment>> RenewAttachmentsAsync(
        AttachmentHolder holder,
        IReadOnlyCollection<string> volumes,
        CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Gets the hosts that are alive, whose leases cannot be ended in their place.</summary>
    public HashSet<string> AliveHosts { get; } = new(StringComparer.Ordinal);

    public Task<Attachment?> FenceAttachmentAsync(
        string volume, CancellationToken cancellationToken) => ChangeAsync($"fence volume/{volume}", () =>
    {
        var lease = Volumes[volume].Attachment;
        if (lease is not null && AliveHosts.Contains(lease.Host))
        {
            throw new ClusterException(ErrorCode.Refused, $"The attachment of '{volume}' stays: the host '{lease.Host}' runs.");
        }

        Volumes[volume] = Volumes[volume] with { Attachment = null };
        return lease;
    });

    public Task DetachAsync(string volume, AttachmentHolder holder, long generation, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string? host, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public void Dispose()
    {
    }

    private VolumeAttributes Requested(VolumeAttributes own, string? policy) => policy is null ? own : own.Over(Policies[policy].Requested);

    internal async Task<T> ChangeAsync<T>(string change, Func<T> work)
    {
        // Off the caller's thread, so that steps that could overlap do.
        await Task.Yield();
        lock (_lock)
        {
            if (Failing.Contains(change) || (_oneIn > 0 && _failures!.Next(_oneIn) == 0))
            {
                throw new ClusterException(ErrorCode.Internal, $"{change} was made to fail.");
            }

            if (string.Equals(change, Broken, StringComparison.Ordinal))
            {
                throw new NotSupportedException("broken");
            }

            var result = work();
            Changes.Add(change);
            return result;
        }
    }

    internal async Task<T> ReadAsync<T>(Func<T> read)
    {
        await Task.Yield();
        lock (_lock)
        {
            return read();
        }
    }
}
