using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>The extension's requests for attachments.</summary>
internal sealed class AttachmentHandlers(AttachmentService attachments)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.Attach, AttachAsync),
        RequestHandler.Change(RequestTypes.RenewAttachments, RenewAsync) with { Audited = false },
        RequestHandler.Change(RequestTypes.Detach, DetachAsync),
        RequestHandler.Change(RequestTypes.FenceAttachment, FenceAsync),
        RequestHandler.Read(RequestTypes.ListAttachments, ListAsync),
    ];

    private async Task<Answer> AttachAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var (lease, volume, device) = await attachments.AttachAsync(new AttachmentRequest
        {
            Volume = parameters.RequiredText("virtualDisk"),
            Host = parameters.RequiredText("host"),
            HostId = HostIdOf(parameters),
            BootId = parameters.RequiredText("bootId"),
            MachineId = parameters.RequiredText("machineId"),
            Process = parameters.Text("process"),
            Mode = parameters.Word<AccessMode>("mode") ?? AccessMode.ReadWrite,
        });
        return Answer.Of(
            new AttachResult(lease.ToMessage(), volume.ToMessage(), new DeviceMessage(device.Kind, device.Path)),
            ProtocolJson.Default.AttachResult);
    }

    private async Task<Answer> RenewAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var renewed = await attachments.RenewAsync(
            new AttachmentHolder
            {
                Host = parameters.RequiredText("host"),
                HostId = HostIdOf(parameters),
                BootId = parameters.RequiredText("bootId"),
                Process = parameters.Text("process"),
            },
            parameters.Texts("virtualDisks") ?? []);
        return OfLeases(renewed);
    }

    private async Task<Answer> DetachAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        await attachments.DetachAsync(
            parameters.RequiredText("virtualDisk"),
            parameters.RequiredText("host"),
            HostIdOf(parameters),
            parameters.Integer("generation", 0, long.MaxValue));
        return Answer.Done;
    }

    private async Task<Answer> FenceAsync(RequestContext context)
    {
        var ended = await attachments.FenceAsync(context.Parameters.RequiredText("virtualDisk"));
        return Answer.Of(new FenceResult(ended?.ToMessage()), ProtocolJson.Default.FenceResult);
    }

    private Task<Answer> ListAsync(RequestContext context) => Task.FromResult(OfLeases(attachments.List(context.Parameters.Text("host"))));

    // Hosts of earlier versions tell none.
    private static string? HostIdOf(Parameters parameters) => parameters.Text("hostId") is { } id ? ObjectName.Check("host id", id) : null;

    private static Answer OfLeases(List<Attachment> leases) => Answer.Of(
        new AttachmentsResult(leases.Select(lease => lease.ToMessage()).ToArray()),
        ProtocolJson.Default.AttachmentsResult);
}
