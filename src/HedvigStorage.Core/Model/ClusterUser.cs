namespace HedvigStorage;

/// <summary>A user of a cluster. Passwords are never read back.</summary>
public sealed record ClusterUser : ClusterObject
{
    /// <summary>Gets the name that logs in.</summary>
    public required string UserName { get; init; }

    /// <summary>Gets the name for people.</summary>
    public string DisplayName { get; init; } = string.Empty;

    /// <summary>Gets what the user may do.</summary>
    public UserRole Role { get; init; }

    /// <summary>Gets the mail address; empty is none.</summary>
    public string Email { get; init; } = string.Empty;

    /// <summary>Gets the telephone number; empty is none.</summary>
    public string Mobile { get; init; } = string.Empty;

    /// <summary>
    /// Gets whether this is the admin that the cluster host's credential file names, who can be neither removed nor demoted.
    /// </summary>
    public bool Owner { get; init; }

    /// <summary>Gets when the user was made; <see langword="null"/> if nobody knows.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => UserName;
}
