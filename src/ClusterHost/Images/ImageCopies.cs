namespace HedvigStorage.ClusterHost.Images;

/// <summary>
/// Makes one image from another: into a file of an unfinished name, flushed, then renamed, so that the target is whole or not there.
/// </summary>
internal sealed class ImageCopies(IImageSystem system, bool sharesData, ImageChecks checks)
{
    /// <summary>Copies an image that nothing writes.</summary>
    public void CopyAtRest(string source, string target, long? size)
    {
        Write(source, target, size, static () => { });
        Finish(target);
    }

    /// <summary>Copies into the unfinished file.</summary>
    /// <param name="source">The image to copy.</param>
    /// <param name="target">The image to make.</param>
    /// <param name="size">The bytes to which it is extended, or <see langword="null"/>.</param>
    /// <param name="beforeChunk">Called before each chunk; what it throws ends the copy.</param>
    public void Write(string source, string target, long? size, Action beforeChunk)
    {
        var unfinished = Path.ChangeExtension(target, ImageFiles.Unfinished);
        using var from = ImageFiles.Guard(source, () => system.OpenSource(source));
        using var to = ImageFiles.Guard(
            unfinished, () => File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite));
        _ = system.MakeSparse(to);
        ImageFiles.Flush(from, source);
        if (sharesData)
        {
            system.Share(from, to, unfinished);
        }
        else
        {
            system.CopySparse(from, to, unfinished, beforeChunk);
        }

        if (size is { } bytes && RandomAccess.GetLength(to) < bytes)
        {
            system.SetLength(to, unfinished, bytes);
        }
    }

    /// <summary>Puts the unfinished file in the target's place, durably.</summary>
    public void Finish(string target)
    {
        var unfinished = Path.ChangeExtension(target, ImageFiles.Unfinished);
        using (var file = ImageFiles.Guard(
            unfinished, () => File.OpenHandle(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite)))
        {
            checks.Own(unfinished, target);
            ImageFiles.Flush(file, unfinished);
        }

        system.Replace(unfinished, target);
    }
}
