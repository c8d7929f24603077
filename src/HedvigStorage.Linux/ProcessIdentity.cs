namespace HedvigStorage.Linux;

/// <summary>
/// A process of this machine in this boot, told apart from every later one that gets the same id. Source: proc_pid_stat(5),
/// pid_namespaces(7).
/// </summary>
/// <param name="Id">Its id, in the namespace.</param>
/// <param name="Start">When it started, in the kernel's clock ticks since the boot.</param>
/// <param name="Namespace">The namespace of process ids in which it has the id, such as <c>pid:[4026531836]</c>: in another the id is
/// another process's.</param>
public sealed record ProcessIdentity(int Id, long Start, string Namespace)
{
    private const char Separator = '/';

    private static readonly string? OwnNamespace = new FileInfo("/proc/self/ns/pid").LinkTarget;

    /// <summary>Identifies a process; <see langword="null"/> if it has ended or cannot be seen from here.</summary>
    /// <param name="processId">Its id in this process's namespace.</param>
    public static ProcessIdentity? Of(int processId) =>
        OwnNamespace is { } space && Stat(processId) is { HasEnded: false } stat ? new ProcessIdentity(processId, stat.Start, space) : null;

    /// <summary>
    /// Identifies a process that is known to have ended, so that its start can no longer be told: one that no process is taken for.
    /// </summary>
    /// <param name="processId">The id that it had in this process's namespace.</param>
    public static ProcessIdentity OfEnded(int processId) => new(processId, long.MaxValue, OwnNamespace ?? string.Empty);

    /// <summary>Reads what <see cref="ToString"/> wrote; <see langword="null"/> if it is not of that form.</summary>
    /// <param name="text">The text.</param>
    public static ProcessIdentity? Parse(string? text)
    {
        var parts = (text ?? string.Empty).Split(Separator);
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(id, start, parts[2])
            : null;
    }

    /// <summary>Tells whether the process has ended; <see langword="null"/> if that cannot be known from here.</summary>
    public bool? HasEnded()
    {
        if (!string.Equals(OwnNamespace, Namespace, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return Stat(Id) is not { } stat || stat.HasEnded || stat.Start != Start;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(
            Separator.ToString(), Id.ToString(CultureInfo.InvariantCulture), Start.ToString(CultureInfo.InvariantCulture), Namespace);

    // The name of the program, in parentheses, may hold anything: the fields are counted from its end. A zombie has ended; its id is not
    // free yet.
    private static (bool HasEnded, long Start)? Stat(int processId)
    {
        const int StartField = 19;
        string text;
        try
        {
            text = File.ReadAllText("/proc/" + processId.ToString(CultureInfo.InvariantCulture) + "/stat");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var fields = text.Substring(text.LastIndexOf(')') + 2).Split(' ');
        return (fields[0] is "Z" or "X", long.Parse(fields[StartField], CultureInfo.InvariantCulture));
    }
}
