using System.Net.Http;
using System.Text.Json;
using HedvigStorage.Hosting;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// A cluster that speaks the Hedvig protocol: a cluster host with the <c>HedvigStorage</c> extension, or a real Hedvig without it.
/// Safe for use by many threads; it keeps one pool of connections and one session for each node.
/// </summary>
public sealed class HedvigCluster : ICluster, IConditionalRemoval
{
    private readonly HedvigSession _session;
    private readonly ExtensionRequests _extension;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="connection">How to reach the cluster.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: no node is named, or one is not an <c>http</c> or
    /// <c>https</c> address.</exception>
    public HedvigCluster(ClusterConnection connection)
        : this(connection, HttpHandlers.Create(Check(connection)), TimeProvider.System)
    {
    }

    internal HedvigCluster(ClusterConnection connection, HttpMessageHandler handler, TimeProvider time)
    {
        UserName = Check(connection).Credential.UserName;
        _session = new HedvigSession(connection, handler, time);
        _extension = new ExtensionRequests(_session);
        Administration = new HedvigAdministration(_session, _extension);
        Access = new HedvigAccess(_session, _extension);
    }

    /// <inheritdoc/>
    public Uri Address => _session.Address;

    /// <inheritdoc/>
    public string UserName { get; }

    /// <inheritdoc/>
    public IClusterAdministration Administration { get; }

    /// <inheritdoc/>
    public IClusterAccess Access { get; }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => _session.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        _extension.GetCapabilitiesAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterInformation> GetInformationAsync(CancellationToken cancellationToken)
    {
        var list = HedvigRequest.Disk(RequestTypes.ListClusterNodes);
        var nodes = AnswerReader.ReadResult(
            list.Type, await _session.SendAsync(list, cancellationToken).ConfigureAwait(false), ProtocolJson.Default.ListString);
        var information = new HedvigRequest(RequestTypes.ClusterInformation, Categories.ClusterWatch, null);
        return InformationReader.Read(await _session.SendAsync(information, cancellationToken).ConfigureAwait(false), nodes);
    }

    /// <inheritdoc/>
    /// <remarks>Without the extension only a query for exact names can be answered, by asking for each.</remarks>
    public async Task<Page<Volume>> ListVolumesAsync(VolumeQuery query, CancellationToken cancellationToken)
    {
        if (query is { Names: { } names, Pattern: null } && !await _extension.IsKnownAsync(cancellationToken).ConfigureAwait(false))
        {
            return await FindEachAsync(names, query, cancellationToken).ConfigureAwait(false);
        }

        var result = await _extension.AskAsync(
            "Listing volumes",
            RequestTypes.ListVolumes,
            ProtocolJson.Default.VolumesResult,
            cancellationToken,
            writer =>
            {
                writer.WriteOptionalString("pattern", query.Pattern);
                writer.WriteOptionalStrings("names", query.Names);
                writer.WritePage(query.PageSize, query.PageToken);
            }).ConfigureAwait(false);
        return new Page<Volume>(
            AnswerReader.Each(RequestTypes.ListVolumes, "volumes", result.Volumes, MessageMapping.ToModel), NoToken(result.NextPageToken));
    }

    /// <inheritdoc/>
    public async Task<Volume?> FindVolumeAsync(string name, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.VirtualDiskDetails, writer => writer.WriteString("virtualDisk", name));
        var answer = await _session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (AnswerReader.IsOk(answer.Status))
        {
            return PlainHedvig.ToVolume(AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.VirtualDiskDetailsResult));
        }

        var failure = AnswerReader.Failure(request.Type, answer);
        return failure.Code == ErrorCode.NotFound ? null : throw failure;
    }

    /// <inheritdoc/>
    public async Task<Volume> CreateVolumeAsync(VolumeSpecification specification, CancellationToken cancellationToken)
    {
        specification.Attributes.Check();
        if (specification is { SourceVolume: null, Size: null })
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The volume '{ObjectName.Printable(specification.Name)}' has no size. Give one, such as 10GB.");
        }

        var capabilities = await _extension.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        specification = capabilities.Labels ? specification : specification with { Labels = ObjectLabels.None };
        return (capabilities.Extension, specification.SourceVolume) switch
        {
            (true, null) => await AddAsync(specification, cancellationToken).ConfigureAwait(false),
            (true, _) => await CloneAsync(specification, cancellationToken).ConfigureAwait(false),
            _ => await AddOnPlainHedvigAsync(specification, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<VolumeCreation>> CreateVolumesAsync(
        IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken)
    {
        var capabilities = await _extension.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        return capabilities.VolumeBatches
            ? await VolumeBatches.CreateAsync(this, _session, specifications, cancellationToken).ConfigureAwait(false)
            : await this.CreateEachVolumeAsync(specifications, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Volume> UpdateVolumeAsync(string name, VolumeChange change, CancellationToken cancellationToken)
    {
        change.Attributes.Check();
        var result = await _extension.AskAsync(
            "Changing a volume",
            RequestTypes.UpdateVolume,
            ProtocolJson.Default.VolumeResult,
            cancellationToken,
            writer =>
            {
                writer.WriteString("virtualDisk", name);
                writer.WriteChange(change);
            }).ConfigureAwait(false);
        return AnswerReader.Required(RequestTypes.UpdateVolume, "volume", result.Volume).ToModel();
    }

    /// <inheritdoc/>
    public async Task<Volume> ResizeVolumeAsync(string name, ByteSize size, CancellationToken cancellationToken)
    {
        if (!await _extension.IsKnownAsync(cancellationToken).ConfigureAwait(false))
        {
            // Hedvig's own clients compare before they send, so nothing is known of what it does with a smaller size.
            PlainHedvig.CheckSize(size);
            var current = await FindRequiredAsync(name, cancellationToken).ConfigureAwait(false);
            if (size <= current.Size)
            {
                return size == current.Size ? current : throw new ClusterException(
                    ErrorCode.Refused,
                    $"The volume '{name}' cannot shrink from {new ByteSize(current.Size)} to {size}. "
                        + $"Give {new ByteSize(current.Size)} or more.");
            }
        }

        var request = HedvigRequest.Disk(RequestTypes.ResizeDisks, writer =>
        {
            writer.WriteOptionalStrings("virtualDisks", [name]);
            writer.WriteSize(size);
        });
        var item = AnswerReader.ReadItem(request.Type, await _session.SendAsync(request, cancellationToken).ConfigureAwait(false));
        return item.Volume?.ToModel() ?? await FindRequiredAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteVolumeAsync(string name, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.DeleteVDisk, writer => writer.WriteOptionalStrings("virtualDisks", [name]));
        await DeleteAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> TryRemoveVolumeAsync(string name, RemovalCondition condition, CancellationToken cancellationToken)
    {
        if (!await _extension.IsKnownAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var request = HedvigRequest.Extension(RequestTypes.RemoveVolume, writer =>
        {
            writer.WriteString("virtualDisk", name);
            writer.WriteOptionalStrings("unlessLabelled", condition.UnlessLabelled);
            writer.WriteLabels("ifLabelled", condition.IfLabelled);
        });
        try
        {
            await DeleteAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Unsupported)
        {
            // A cluster host of an earlier version, which has done nothing.
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<Volume> RevertVolumeAsync(string name, string snapshot, CancellationToken cancellationToken)
    {
        await _extension.NeedAsync("Reverting a volume", cancellationToken).ConfigureAwait(false);

        // Once it has been reverted somebody may write to the volume: a second revert would take that away.
        var request = HedvigRequest.Extension(RequestTypes.RevertVolume, writer =>
        {
            writer.WriteString("virtualDisk", name);
            writer.WriteString("snapshotName", snapshot);
        }) with { Repeatable = false };
        var answer = await _session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return AnswerReader.Required(
            request.Type, "volume", AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.VolumeResult).Volume).ToModel();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Policy>> ListPoliciesAsync(CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Listing policies", RequestTypes.ListPolicies, ProtocolJson.Default.PoliciesResult, cancellationToken).ConfigureAwait(false);
        return AnswerReader.Each(RequestTypes.ListPolicies, "policies", result.Policies, MessageMapping.ToModel);
    }

    /// <inheritdoc/>
    public Task<Policy> CreatePolicyAsync(PolicySpecification specification, CancellationToken cancellationToken) =>
        SavePolicyAsync("Creating a policy", RequestTypes.AddPolicy, specification, cancellationToken);

    /// <inheritdoc/>
    public Task<Policy> UpdatePolicyAsync(string name, PolicyChange change, CancellationToken cancellationToken)
    {
        var specification = new PolicySpecification
        {
            Name = name,
            Description = change.Description,
            Attributes = change.Attributes,
            SnapshotSchedule = change.SnapshotSchedule,
        };
        return SavePolicyAsync("Changing a policy", RequestTypes.UpdatePolicy, specification, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeletePolicyAsync(string name, CancellationToken cancellationToken)
    {
        await _extension.NeedAsync("Removing a policy", cancellationToken).ConfigureAwait(false);
        await DeleteAsync(HedvigRequest.Extension(RequestTypes.DeletePolicy, writer => writer.WriteString("name", name)), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task CheckPlacementAsync(VolumeAttributes requested, CancellationToken cancellationToken) => _extension.TellAsync(
        "Checking a placement",
        RequestTypes.CheckPlacement,
        cancellationToken,
        writer => writer.WritePolicy(new PolicySpecification { Name = string.Empty, Attributes = requested }));

    /// <inheritdoc/>
    public async Task<Page<Snapshot>> ListSnapshotsAsync(SnapshotQuery query, CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Listing snapshots",
            RequestTypes.ListSnapshots,
            ProtocolJson.Default.SnapshotsResult,
            cancellationToken,
            writer =>
            {
                writer.WriteOptionalString("virtualDisk", query.Volume);
                writer.WriteOptionalString("pattern", query.Pattern);
                writer.WritePage(query.PageSize, query.PageToken);
            }).ConfigureAwait(false);
        return new Page<Snapshot>(
            AnswerReader.Each(RequestTypes.ListSnapshots, "snapshots", result.Snapshots, MessageMapping.ToModel),
            NoToken(result.NextPageToken));
    }

    /// <inheritdoc/>
    public async Task<Snapshot> CreateSnapshotAsync(
        string volume, string? name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var capabilities = await _extension.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        var extension = capabilities.Extension;

        // Without a name each request makes another snapshot, and a plain Hedvig does not promise to find the one of a name: neither may be
        // repeated.
        var request = HedvigRequest.Snapshot(RequestTypes.MakeSnapshot, writer =>
        {
            writer.WriteOptionalStrings("virtualDisks", [volume]);
            writer.WriteOptionalString(extension ? "snapshotName" : "openstackSID", name);
            writer.WriteLabels(capabilities.Labels ? labels : ObjectLabels.None);
        }) with { Repeatable = extension && name is not null };
        var item = AnswerReader.ReadItem(request.Type, await _session.SendAsync(request, cancellationToken).ConfigureAwait(false));
        return item.Snapshot?.ToModel() ?? new Snapshot
        {
            Volume = volume,
            Name = name ?? AnswerReader.Required(request.Type, "snapshotName", item.SnapshotName),
            ExternalId = name,
            Size = (await FindRequiredAsync(volume, cancellationToken).ConfigureAwait(false)).Size,
#pragma warning disable RS0030 // A cluster that does not tell has made it now.
            CreatedAt = DateTimeOffset.UtcNow,
#pragma warning restore RS0030
        };
    }

    /// <inheritdoc/>
    public async Task SetLabelsAsync(LabelledObject item, IReadOnlyDictionary<string, string?> labels, CancellationToken cancellationToken)
    {
        if (!(await _extension.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false)).Labels)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The cluster at {Address} keeps no labels, so {item} gets none. Only a cluster host of this version or later keeps them.");
        }

        await _extension.TellAsync("Setting labels", RequestTypes.SetLabels, cancellationToken, writer =>
        {
            writer.WriteString("kind", item.Kind.ToString());
            writer.WriteString("name", item.Name);
            writer.WriteOptionalString("virtualDisk", item.Volume);
            writer.WriteOptionalString("target", item.Target);
            writer.WriteStartObject("labels");
            foreach (var label in labels)
            {
                writer.WriteString(label.Key, label.Value);
            }

            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task DeleteSnapshotAsync(string volume, string name, CancellationToken cancellationToken)
    {
        var extension = await _extension.IsKnownAsync(cancellationToken).ConfigureAwait(false);
        var request = HedvigRequest.Snapshot(RequestTypes.DeleteSnapshot, writer =>
        {
            writer.WriteString("snapshotName", name);
            writer.WriteOptionalString("openstackSID", extension ? null : name);
            writer.WriteString("openstackVolName", volume);
        });
        await DeleteAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<AttachedVolume> AttachAsync(AttachmentRequest request, CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Attaching a volume",
            RequestTypes.Attach,
            ProtocolJson.Default.AttachResult,
            cancellationToken,
            writer =>
            {
                writer.WriteString("virtualDisk", request.Volume);
                writer.WriteString("host", request.Host);
                writer.WriteOptionalString("hostId", request.HostId);
                writer.WriteString("bootId", request.BootId);
                writer.WriteString("machineId", request.MachineId);
                writer.WriteOptionalString("process", request.Process);
                writer.WriteString("mode", request.Mode.ToString());
            }).ConfigureAwait(false);
        return new AttachedVolume
        {
            Attachment = AnswerReader.Required(RequestTypes.Attach, "attachment", result.Attachment).ToModel(),
            Volume = AnswerReader.Required(RequestTypes.Attach, "volume", result.Volume).ToModel(),
            DeviceKind = AnswerReader.Required(RequestTypes.Attach, "device.kind", result.Device?.Kind),
            DevicePath = AnswerReader.Required(RequestTypes.Attach, "device.path", result.Device?.Path),
        };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Attachment>> RenewAttachmentsAsync(
        AttachmentHolder holder, IReadOnlyCollection<string> volumes, CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Renewing attachments",
            RequestTypes.RenewAttachments,
            ProtocolJson.Default.AttachmentsResult,
            cancellationToken,
            writer =>
            {
                writer.WriteString("host", holder.Host);
                writer.WriteOptionalString("hostId", holder.HostId);
                writer.WriteString("bootId", holder.BootId);
                writer.WriteOptionalString("process", holder.Process);
                writer.WriteOptionalStrings("virtualDisks", volumes);
            }).ConfigureAwait(false);
        return AnswerReader.Each(RequestTypes.RenewAttachments, "attachments", result.Attachments, MessageMapping.ToModel);
    }

    /// <inheritdoc/>
    public async Task DetachAsync(string volume, AttachmentHolder holder, long generation, CancellationToken cancellationToken)
    {
        await _extension.NeedAsync("Detaching a volume", cancellationToken).ConfigureAwait(false);
        await DeleteAsync(
            HedvigRequest.Extension(RequestTypes.Detach, writer =>
            {
                writer.WriteString("virtualDisk", volume);
                writer.WriteString("host", holder.Host);
                writer.WriteOptionalString("hostId", holder.HostId);
                writer.WriteNumber("generation", generation);
            }),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Attachment?> FenceAttachmentAsync(string volume, CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Ending an attachment",
            RequestTypes.FenceAttachment,
            ProtocolJson.Default.FenceResult,
            cancellationToken,
            writer => writer.WriteString("virtualDisk", volume)).ConfigureAwait(false);
        return result.Attachment?.ToModel();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Attachment>> ListAttachmentsAsync(string? host, CancellationToken cancellationToken)
    {
        var result = await _extension.AskAsync(
            "Listing attachments",
            RequestTypes.ListAttachments,
            ProtocolJson.Default.AttachmentsResult,
            cancellationToken,
            writer => writer.WriteOptionalString("host", host)).ConfigureAwait(false);
        return AnswerReader.Each(RequestTypes.ListAttachments, "attachments", result.Attachments, MessageMapping.ToModel);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static ClusterConnection Check(ClusterConnection connection)
    {
        if (connection.Nodes.Count == 0)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, "The cluster has no address. Give one, such as http://127.0.0.1:7080.");
        }

        foreach (var node in connection.Nodes)
        {
            if (!node.IsAbsoluteUri || node.Scheme is not ("http" or "https"))
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument,
                    $"'{ObjectName.Printable(node.OriginalString)}' is not the address of a cluster. "
                        + "Give one such as http://127.0.0.1:7080.");
            }

            if (node.UserInfo.Length > 0)
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument,
                    $"The address of the cluster at {node.Host} must not have a user or password in it. Give them by a credential file.");
            }
        }

        return connection.RequestTimeout > TimeSpan.Zero
            ? connection
            : throw new ClusterException(ErrorCode.InvalidArgument, $"The request time-out {connection.RequestTimeout} is not positive.");
    }

    private async Task<Volume> AddAsync(VolumeSpecification specification, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.AddVirtualDisk, writer => writer.WriteBlankVolume(specification));
        var item = AnswerReader.ReadItem(request.Type, await _session.SendAsync(request, cancellationToken).ConfigureAwait(false));
        return item.Volume?.ToModel() ?? await FindRequiredAsync(specification.Name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Volume> CloneAsync(VolumeSpecification specification, CancellationToken cancellationToken)
    {
        // A clone may copy for long, so a repeat would meet the first while it still runs: it is left to the caller, who may simply ask
        // again.
        var request = HedvigRequest.Snapshot(RequestTypes.CloneVdisk, writer =>
        {
            writer.WriteString("srcVolName", specification.SourceVolume);
            writer.WriteString("cloneVolName", specification.Name);
            writer.WriteOptionalString("snapshotName", specification.SourceSnapshot);
            if (specification.Size is { } size)
            {
                writer.WriteNumber("size", size.Bytes);
            }

            writer.WriteVolume(specification);
        }) with { Repeatable = false };
        var answer = await _session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var volume = answer.Result is { ValueKind: JsonValueKind.Object }
            ? AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.VolumeResult).Volume
            : null;
        return volume?.ToModel() ?? await FindRequiredAsync(specification.Name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Volume> AddOnPlainHedvigAsync(VolumeSpecification specification, CancellationToken cancellationToken)
    {
        PlainHedvig.Check(specification);
        if (await FindVolumeAsync(specification.Name, cancellationToken).ConfigureAwait(false) is { } existing)
        {
            return PlainHedvig.CheckSame(existing, specification);
        }

        var size = specification.Size;
        if (specification.SourceVolume is { } source && size is null)
        {
            size = (await FindRequiredAsync(source, cancellationToken).ConfigureAwait(false)).Size;
        }

        // What Hedvig does with a second request of the same name is not known: these are not repeated.
        var request = (specification.SourceVolume is null
            ? HedvigRequest.Disk(RequestTypes.AddVirtualDisk, writer => PlainHedvig.WriteVolume(writer, specification))
            : HedvigRequest.Snapshot(RequestTypes.CloneVdisk, writer => PlainHedvig.WriteClone(writer, specification, size!.Value))) with
            {
                Repeatable = false,
            };
        AnswerReader.CheckItem(request.Type, await _session.SendAsync(request, cancellationToken).ConfigureAwait(false));
        return await FindRequiredAsync(specification.Name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Policy> SavePolicyAsync(
        string doing, string type, PolicySpecification specification, CancellationToken cancellationToken)
    {
        specification.Attributes.Check();
        specification.SnapshotSchedule?.Check();
        await _extension.NeedAsync(doing, cancellationToken).ConfigureAwait(false);
        var capabilities = await _extension.GetCapabilitiesAsync(cancellationToken).ConfigureAwait(false);
        if (!capabilities.SnapshotSchedules && specification.SnapshotSchedule is { IsEmpty: false } schedule)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The cluster at {Address} takes no snapshots by itself, and the policy '{ObjectName.Printable(specification.Name)}' asks "
                    + $"for {schedule}. Leave the schedule out, or bring hv-cluster there up to date.");
        }

        var result = await _extension.AskAsync(doing, type, ProtocolJson.Default.PolicyResult, cancellationToken, writer =>
        {
            writer.WriteString("name", specification.Name);
            writer.WritePolicy(specification);
            writer.WriteSchedule(capabilities.SnapshotSchedules ? specification.SnapshotSchedule : null);
            writer.WriteLabels(capabilities.Labels ? specification.Labels : ObjectLabels.None);
        }).ConfigureAwait(false);
        return AnswerReader.Required(type, "policy", result.Policy).ToModel();
    }

    private async Task DeleteAsync(HedvigRequest request, CancellationToken cancellationToken)
    {
        try
        {
            AnswerReader.CheckItem(request.Type, await _session.SendAsync(request, cancellationToken).ConfigureAwait(false));
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            // What is gone is removed.
        }
    }

    private async Task<Page<Volume>> FindEachAsync(
        IReadOnlyCollection<string> names, VolumeQuery query, CancellationToken cancellationToken)
    {
        var ordered = names.Distinct(StringComparer.Ordinal).OrderBy(name => name, StringComparer.Ordinal)
            .Where(name => query.PageToken is null || string.CompareOrdinal(name, query.PageToken) > 0).ToArray();
        var volumes = new List<Volume>();
        foreach (var name in ordered.Take(query.PageSize))
        {
            if (await FindVolumeAsync(name, cancellationToken).ConfigureAwait(false) is { } volume)
            {
                volumes.Add(volume);
            }
        }

        return new Page<Volume>(volumes, ordered.Length > query.PageSize ? ordered[query.PageSize - 1] : null);
    }

    private async Task<Volume> FindRequiredAsync(string name, CancellationToken cancellationToken) =>
        await FindVolumeAsync(name, cancellationToken).ConfigureAwait(false)
            ?? throw new ClusterException(ErrorCode.NotFound, $"The volume '{ObjectName.Printable(name)}' couldn't be found.");

    private static string? NoToken(string? token) => string.IsNullOrEmpty(token) ? null : token;
}
