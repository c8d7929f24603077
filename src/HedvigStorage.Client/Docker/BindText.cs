namespace HedvigStorage.Client.Docker;

/// <summary>A bind as an engine keeps it, <c>SOURCE:TARGET[:OPTIONS]</c>.</summary>
/// <param name="Target">The path in the container, as it was written.</param>
/// <param name="Options">What is behind it.</param>
internal sealed record BindText(string Target, string[] Options)
{
    /// <summary>Reads a bind; <see langword="null"/> if it has no target.</summary>
    public static BindText? Parse(string text)
    {
        // The paths of Windows have a colon of their own, before a backslash.
        var parts = text.Replace(":\\", "\0").Split(':').Select(part => part.Replace("\0", ":\\")).ToArray();
        return parts.Length < 2 ? null : new BindText(parts[1], parts.Length > 2 ? parts[2].Split(',') : []);
    }

    /// <summary>Tells whether one of the options is there.</summary>
    public bool Has(string option) => Options.Contains(option, StringComparer.Ordinal);
}
