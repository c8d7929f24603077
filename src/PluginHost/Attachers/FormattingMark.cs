namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// The note that a file system was begun in a blank image. The content may be cleared if the lease has never ended since (nobody else can
/// have written), or if the content is a file system of the noted identity and the lease is the next one, so that nobody has been given it.
/// Anything else found then may be data (the volume may have been reverted to a snapshot meanwhile) and is left alone.
/// </summary>
/// <param name="FileSystemId">The identity of the file system.</param>
/// <param name="SameLease">Whether the lease is still that under which the note was written.</param>
internal sealed record FormattingMark(Guid FileSystemId, bool SameLease)
{
    /// <summary>Tells whether what an image holds may be cleared.</summary>
    /// <param name="content">What it holds.</param>
    public bool Covers(ImageContent content) => SameLease || content.FileSystemId == FileSystemId;
}
