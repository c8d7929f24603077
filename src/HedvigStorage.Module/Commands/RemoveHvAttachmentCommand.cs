using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>
/// Ends attachments whose hosts are gone, so that other hosts can attach the volumes. The engine makes sure first that the holder cannot
/// write the volume any longer; if it cannot be sure, the attachment stays and the error says why. A volume that nobody has attached is not
/// an error.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "HvAttachment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvAttachmentCommand : ClusterCommand
{
    private const int ProgressActivity = 2;

    /// <summary>Gets or sets the names of the volumes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Volume { get; set; } = [];

    /// <summary>Gets or sets whether to end them without asking. It does not take the place of the engine's check.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gets or sets whether to wait until the engine is sure, where the holder is just ending.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Gets or sets how long <c>-Wait</c> waits for each volume, in seconds, 1 to 86,400; the default is 60.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var volume in Volume)
        {
            ForEach(Subjects.Attachment, volume, () => End(volume));
        }
    }

    private void End(string volume)
    {
        ObjectName.Check("volume", volume);
        var client = Client;
        if (ShouldProcess(volume, "Remove the attachment", Force))
        {
            _ = Wait
                ? Await(
                    token =>
                        AttachmentWait.FenceAsync(
                            client, volume, TimeSpan.FromSeconds(TimeoutSec), message => Post(() => Show(volume, message)), token))
                : Await(token => client.FenceAttachmentAsync(volume, token));
        }
    }

    private void Show(string volume, string message) =>
        WriteProgress(new ProgressRecord(ProgressActivity, $"Ending the attachment of {volume}", message));
}
