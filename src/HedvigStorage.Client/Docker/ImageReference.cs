namespace HedvigStorage.Client.Docker;

/// <summary>An image's name, taken apart.</summary>
/// <param name="Name">The name with its registry.</param>
/// <param name="Tag">The tag or digest.</param>
internal sealed record ImageReference(string Name, string Tag)
{
    /// <summary>
    /// Reads <c>[REGISTRY[:PORT]/]NAME[:TAG][@DIGEST]</c>. Without tag and digest it is <c>latest</c>, since the engine would pull every
    /// tag.
    /// </summary>
    public static ImageReference Parse(string text)
    {
        _ = Path(text);
        var at = text.IndexOf('@');
        if (at > 0)
        {
            return new ImageReference(text.Substring(0, at), text.Substring(at + 1));
        }

        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf('/') && colon > 0
            ? new ImageReference(text.Substring(0, colon), text.Substring(colon + 1))
            : new ImageReference(text, "latest");
    }

    /// <summary>Writes an image's name as a part of a path; the engine wants its slashes as they are.</summary>
    public static string Path(string text) => string.Join("/", text.Split('/').Select(part => DockerCall.Part("an image", part)));
}
