using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists which host has which volume attached, since when and in which generation. A volume that nobody has attached is left out.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvAttachment")]
[OutputType(typeof(Attachment))]
public sealed class GetHvAttachmentCommand : ClusterCommand
{
    /// <summary>Gets or sets names of volumes, or patterns with wildcards; by default the attachments of all are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = ["*"];

    /// <summary>Gets or sets the host whose attachments are listed; by default those of all are.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AttachmentHostCompleter))]
    public string? HostName { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            ForEach(Subjects.Attachment, volume, () => WriteObject(Find(new NameFilter(volume)), enumerateCollection: true));
        }
    }

    private Attachment[] Find(NameFilter filter)
    {
        var client = Client;
        return Await(token => client.ListAttachmentsAsync(HostName, token)).Where(lease => filter.Matches(lease.Volume)).ToArray();
    }
}
