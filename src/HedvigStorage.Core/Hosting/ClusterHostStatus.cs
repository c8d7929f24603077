namespace HedvigStorage.Hosting;

/// <summary>A cluster host as it is.</summary>
public sealed record ClusterHostStatus
{
    /// <summary>Gets the cluster's name, or <see langword="null"/> if it was not started by this.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the data folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Gets whether its process runs.</summary>
    public bool Running { get; init; }

    /// <summary>Gets whether it answers.</summary>
    public bool Answers { get; init; }

    /// <summary>Gets the process, or <see langword="null"/> if it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the address, or <see langword="null"/> if it does not run.</summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the version, or <see langword="null"/> if it does not run.</summary>
    public string? Version { get; init; }

    /// <summary>Gets when it started, or <see langword="null"/> if it does not run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets the file with the administrator's credential, which the first start makes.</summary>
    public required string CredentialFile { get; init; }

    /// <summary>Gets the file that its output goes to.</summary>
    public required string LogFile { get; init; }
}
