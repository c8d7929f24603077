using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Gives the lease of a volume to one host at a time.</summary>
internal sealed class AttachmentService(ClusterState state)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    public static string Show(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public async Task<(Attachment Lease, Volume Volume, EngineDevice Device)> AttachAsync(AttachmentRequest request)
    {
        _ = ObjectName.Check("host", request.Host);
        if (state.Engine.Capabilities.OwnMachineOnly && request.MachineId != state.BootId)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The host '{request.Host}' is on another machine than this cluster, whose {state.Engine.Capabilities.Name} engine serves its own machine only. Attach the volume on the cluster's machine.");
        }

        using var held = await state.Locks.TakeAsync(request.Volume);
        var row = await state.Catalog.WriteAsync(catalog =>
        {
            var found = ClusterState.Require(catalog, request.Volume);
            var lease = NextLease(found, request);
            catalog.PutAttachment(found.Id, lease);
            return found with { Generation = lease.Generation, Model = found.Model with { Attachment = lease } };
        });
        return (row.Model.Attachment!, state.Complete(row), state.Engine.Locate(row.Id));
    }

    public Task<List<Attachment>> RenewAsync(string host, string bootId, IReadOnlyList<string> volumes)
    {
        var now = state.Time.GetUtcNow();
        return state.Catalog.WriteAsync(catalog =>
        {
            var renewed = new List<Attachment>();
            foreach (var name in volumes)
            {
                if (catalog.FindVolume(name) is { Model.Attachment: { } lease } row && lease.Host == host && lease.BootId == bootId)
                {
                    lease = lease with { RenewedAt = now, ExpiresAt = now + LeaseTime };
                    catalog.PutAttachment(row.Id, lease);
                    renewed.Add(lease);
                }
            }

            return renewed;
        });
    }

    /// <summary>Gives a lease back. One that has ended already succeeds.</summary>
    public async Task DetachAsync(string volume, string host, long? generation)
    {
        using var held = await state.Locks.TakeAsync(volume);
        await state.Catalog.WriteAsync(catalog =>
        {
            var row = ClusterState.Require(catalog, volume);
            var lease = row.Model.Attachment;
            if (lease is null || (lease.Host == host && generation is { } given && given != lease.Generation))
            {
                return;
            }

            if (lease.Host != host)
            {
                throw HeldBy(lease);
            }

            catalog.RemoveAttachment(row.Id);
        });
    }

    public List<Attachment> List(string? host) => state.Catalog.Read(catalog => catalog.ListAttachments(host));

    private Attachment NextLease(VolumeRow row, AttachmentRequest request)
    {
        var now = state.Time.GetUtcNow();
        var lease = row.Model.Attachment;
        if (lease is not null && lease.Host == request.Host && lease.BootId == request.BootId)
        {
            return lease with { Mode = request.Mode, RenewedAt = now, ExpiresAt = now + LeaseTime };
        }

        if (state.IsHeld(lease))
        {
            throw HeldBy(lease!);
        }

        return new Attachment
        {
            Volume = row.Model.Name,
            Host = request.Host,
            BootId = request.BootId,
            Mode = request.Mode,
            Generation = row.Generation + 1,
            AttachedAt = now,
            RenewedAt = now,
            ExpiresAt = now + LeaseTime,
        };
    }

    private static ClusterException HeldBy(Attachment lease) => new(
        ErrorCode.Busy,
        $"The volume '{lease.Volume}' is attached to the host '{lease.Host}' since {Show(lease.AttachedAt)} (generation {lease.Generation}). Stop what uses it there, so that the host detaches it.");
}
