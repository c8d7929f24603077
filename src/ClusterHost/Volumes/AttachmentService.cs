using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Gives the lease of a volume to one host at a time.</summary>
internal sealed class AttachmentService(ServiceContext state)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    public static string Show(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public async Task<(Attachment Lease, Volume Volume, EngineDevice Device)> AttachAsync(AttachmentRequest request)
    {
        _ = ObjectName.Check("host", request.Host);
        if (state.Engine.Capabilities.OwnMachineOnly && request.MachineId != state.BootId)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The host '{request.Host}' is on another machine than this cluster, whose {state.Engine.Capabilities.Name} engine serves "
                    + "its own machine only. Attach the volume on the cluster's machine.");
        }

        using var held = await state.Locks.TakeAsync(request.Volume);
        var present = state.Catalog.Read(catalog => ServiceContext.Require(catalog, request.Volume));
        ServiceContext.RefuseReverting(present);
        await state.Stored.RefuseDamagedAsync(present);
        if (present.Model.Attachment is { } other && !IsOwn(other, request.Holder) && state.IsHeld(other))
        {
            await TakeOverAsync(present, other, request.Holder);
        }

        // What is short from now on has lost something, and is not just young.
        if (present.Generation == 0)
        {
            await state.Engine.FlushVolumeAsync(present.Id);
        }

        // Before the lease: what cannot be told now is not to be attached either.
        var device = await state.Engine.LocateAsync(present.Id);
        var row = await state.Catalog.WriteAsync(catalog =>
        {
            var found = ServiceContext.Require(catalog, request.Volume);
            var lease = NextLease(found, request);
            catalog.PutAttachment(found.Id, lease);
            catalog.PutVolumeSeal(found.Id, null);
            return found with { Generation = lease.Generation, Model = found.Model with { Attachment = lease } };
        });
        return (row.Model.Attachment!, state.Complete(row), device);
    }

    public Task<List<Attachment>> RenewAsync(AttachmentHolder holder, IReadOnlyList<string> volumes)
    {
        var now = state.Time.GetUtcNow();
        return state.Catalog.WriteAsync(catalog =>
        {
            var renewed = new List<Attachment>();
            foreach (var name in volumes)
            {
                if (catalog.FindVolume(name) is { Model.Attachment: { } lease } row && IsOwn(lease, holder))
                {
                    lease = lease with
                    {
                        HostId = holder.HostId ?? lease.HostId,
                        Process = holder.Process,
                        RenewedAt = now,
                        ExpiresAt = now + LeaseTime,
                    };
                    catalog.PutAttachment(row.Id, lease);
                    renewed.Add(lease);
                }
            }

            return renewed;
        });
    }

    /// <summary>Gives a lease back. One that has ended already succeeds.</summary>
    public async Task DetachAsync(string volume, string host, string? hostId, long? generation)
    {
        using var held = await state.Locks.TakeAsync(volume);
        var present = state.Catalog.Read(catalog => ServiceContext.Require(catalog, volume));
        var seal = present.Model.Attachment?.Host == host ? await SealAsync(present.Id) : null;
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ServiceContext.Require(catalog, volume);
            var lease = row.Model.Attachment;
            if (lease is null)
            {
                return;
            }

            var asking = new AttachmentHolder { Host = host, HostId = hostId, BootId = lease.BootId };
            if (!lease.IsOf(asking))
            {
                throw HeldBy(lease, asking);
            }

            if (generation is { } given && given != lease.Generation)
            {
                return;
            }

            catalog.RemoveAttachment(row.Id);
            catalog.PutVolumeSeal(row.Id, seal);
        });
        if (state.Engine.IsMisplaced(present.Id, present.Model.Requested))
        {
            state.Placements.Raise();
        }
    }

    /// <summary>Ends the lease of a holder that can write no longer.</summary>
    /// <returns>The lease, or <see langword="null"/> if there was none.</returns>
    public async Task<Attachment?> FenceAsync(string volume)
    {
        using var held = await state.Locks.TakeAsync(volume);
        var row = state.Catalog.Read(catalog => ServiceContext.Require(catalog, volume));
        if (row.Model.Attachment is not { } lease)
        {
            return null;
        }

        return await TryEndAsync(row, lease) is { } reason
            ? throw new ClusterException(ErrorCode.Refused, $"{Describe(lease)} Its lease is not ended: {reason}")
            : lease;
    }

    public List<Attachment> List(string? host) => state.Catalog.Read(catalog => catalog.ListAttachments(host));

    // An image that cannot be looked at is not a reason to keep its lease.
    private async Task<string?> SealAsync(string volumeId)
    {
        try
        {
            return await state.Engine.SealVolumeAsync(volumeId);
        }
        catch (ClusterException)
        {
            return null;
        }
    }

    private Attachment NextLease(VolumeRow row, AttachmentRequest request)
    {
        var now = state.Time.GetUtcNow();
        var lease = row.Model.Attachment;
        if (lease is not null && IsOwn(lease, request.Holder))
        {
            return lease with
            {
                HostId = request.HostId ?? lease.HostId,
                Mode = request.Mode,
                Process = request.Process,
                RenewedAt = now,
                ExpiresAt = now + LeaseTime,
            };
        }

        return new Attachment
        {
            Volume = row.Model.Name,
            Host = request.Host,
            HostId = request.HostId,
            BootId = request.BootId,
            Process = request.Process,
            Mode = request.Mode,
            Generation = row.Generation + 1,
            AttachedAt = now,
            RenewedAt = now,
            ExpiresAt = now + LeaseTime,
        };
    }

    // Of two processes that run at the same time one is another host, whatever both call themselves: hosts of earlier versions tell no id,
    // and a copied state has the id of its original.
    private bool IsOwn(Attachment lease, AttachmentHolder holder) =>
        lease.IsOf(holder)
            && (lease.BootId != state.BootId || lease.Process == holder.Process || !Runs(lease.Process) || !Runs(holder.Process));

    private static bool Runs(string? process) => ProcessIdentity.Parse(process)?.HasEnded() == false;

    private async Task TakeOverAsync(VolumeRow row, Attachment lease, AttachmentHolder asking)
    {
        if (row.Model.Takeover == TakeoverPolicy.Never || !state.Engine.Capabilities.FencesHolders)
        {
            throw HeldBy(lease, asking);
        }

        if (await TryEndAsync(row, lease) is { } reason)
        {
            throw new ClusterException(ErrorCode.Busy, $"{HeldBy(lease, asking).Message} It is not taken over: {reason}");
        }
    }

    // Ends the lease if its holder cannot write any longer, or tells why that is not sure.
    private async Task<string?> TryEndAsync(VolumeRow row, Attachment lease)
    {
        if (state.IsHeld(lease) && await state.Engine.FenceAsync(row.Id, lease) is { } reason)
        {
            return reason;
        }

        await state.Catalog.WriteAsync(catalog => catalog.FenceAttachment(row.Id));
        return null;
    }

    private static string Describe(Attachment lease) =>
        $"The volume '{lease.Volume}' is attached to the host '{lease.Host}' since {Show(lease.AttachedAt)} (generation "
            + $"{lease.Generation}).";

    private static ClusterException HeldBy(Attachment lease, AttachmentHolder asking) =>
        lease.Host == asking.Host && lease.BootId == asking.BootId
        ? HeldByNamesake(lease, asking)
        : new ClusterException(
            ErrorCode.Busy,
            $"{Describe(lease)} Stop what uses it there, so that the host detaches it; if that host is gone for good, "
                + "Remove-HvAttachment ends its lease.");

    private static ClusterException HeldByNamesake(Attachment lease, AttachmentHolder asking) => new(
        ErrorCode.Busy,
        $"The volume '{lease.Volume}' is attached to another plugin host that is named '{lease.Host}' too: "
            + $"{Identify(lease.HostId, lease.Process)} has it since {Show(lease.AttachedAt)} (generation {lease.Generation}), "
        + $"and {Identify(asking.HostId, asking.Process)} asks for it. Give one of the two another name with --host or HV_HOST. "
        + "If the other one is gone for good, or its state was lost, Remove-HvAttachment ends its lease.");

    private static string Identify(string? id, string? process) =>
        $"the one with {(id is null ? "no id" : $"the id {id}")}"
            + (ProcessIdentity.Parse(process) is { } known
                ? string.Create(CultureInfo.InvariantCulture, $" (process {known.Id})")
                : string.Empty);
}
