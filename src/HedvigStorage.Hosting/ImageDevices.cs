namespace HedvigStorage.Hosting;

/// <summary>
/// The loop devices of this machine that stand over images. Source: the kernel's documentation of
/// <c>/sys/block/loop*/loop/backing_file</c>.
/// </summary>
internal static class ImageDevices
{
    private const string Deleted = " (deleted)";

    /// <summary>
    /// Finds the devices over images, whose names are unique, and so are enough where a device was set up through another mount.
    /// </summary>
    /// <param name="imageNames">The file names of images.</param>
    /// <returns>The device's name and the image's, such as <c>loop3</c>.</returns>
    public static IReadOnlyList<(string Device, string ImageName)> Find(IEnumerable<string> imageNames)
    {
        var wanted = new HashSet<string>(imageNames, StringComparer.Ordinal);
        var found = new List<(string, string)>();
        foreach (var folder in Directory.Exists("/sys/block") ? Directory.EnumerateDirectories("/sys/block", "loop*").OrderBy(
            path => path, StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            if (TryRead(Path.Combine(folder, "loop/backing_file")) is { } file && wanted.Contains(Path.GetFileName(file)))
            {
                found.Add((Path.GetFileName(folder), Path.GetFileName(file)));
            }
        }

        return found;
    }

    // A device without a backing file has no such attribute; one may also go away meanwhile.
    private static string? TryRead(string path)
    {
        try
        {
            var text = File.ReadAllText(path).TrimEnd('\n');
            return text.EndsWith(Deleted, StringComparison.Ordinal) ? text.Substring(0, text.Length - Deleted.Length) : text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
