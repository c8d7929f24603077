namespace HedvigStorage.Docker;

/// <summary>
/// Paths in the form in which engines mount them, so that <c>/data/</c> and <c>/srv/../data</c> are the same place as <c>/data</c>. Paths
/// of Windows are left as they are.
/// </summary>
public static class ContainerPath
{
    private const char Separator = '/';

    /// <summary>Brings an absolute path into that form. Engines do so by the text alone, whatever is linked where.</summary>
    /// <param name="path">The path; what is not an absolute path of Linux is left as it is.</param>
    public static string Clean(string path) => path.Length > 0 && path[0] == Separator ? Separator + Join(path) : path;

    /// <summary>Brings a path within a volume into that form; all of the volume is <see langword="null"/>.</summary>
    /// <param name="path">The path.</param>
    public static string? CleanSubPath(string? path) => path is null || Join(path) is not { Length: > 0 } clean ? null : clean;

    private static string Join(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split(Separator).Where(part => part is not ("" or ".")))
        {
            if (part is not "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return string.Join("/", parts);
    }
}
