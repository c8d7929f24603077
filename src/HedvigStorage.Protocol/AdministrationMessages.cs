namespace HedvigStorage.Protocol;

/// <summary>The result of AddUser. Source: the example answer in Hedvig's documentation; <see cref="User"/> is the extension's.</summary>
public sealed record AddUserResult
{
    /// <summary>Gets whether a directory keeps the user; a boolean in the answer, though a string in the request.</summary>
    public bool IsLdapUser { get; init; }

    /// <summary>Gets the tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the user's name.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the user.</summary>
    public UserMessage? User { get; init; }
}

/// <summary>A user.</summary>
public sealed record UserMessage
{
    /// <summary>Gets the name that logs in.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Gets <c>ReadOnly</c>, <c>Admin</c> or <c>SuperUser</c>.</summary>
    public string? Role { get; init; }

    /// <summary>Gets the tenant, always <c>Hedvig</c>.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Gets the telephone number.</summary>
    public string? Mobile { get; init; }

    /// <summary>Gets whether it is the cluster host's own admin.</summary>
    public bool Owner { get; init; }

    /// <summary>Gets when it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>The result of ListUsers.</summary>
/// <param name="Users">The users.</param>
public sealed record UsersResult(IReadOnlyList<UserMessage>? Users);

/// <summary>The result of SaveUserProfile.</summary>
/// <param name="User">The user as it is now.</param>
public sealed record UserResult(UserMessage? User);

/// <summary>A change that was asked.</summary>
public sealed record AuditEventMessage
{
    /// <summary>Gets the number.</summary>
    public long Id { get; init; }

    /// <summary>Gets when.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Gets who.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets from where.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the request's type.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the heeded parameters as JSON text.</summary>
    public string? Parameters { get; init; }

    /// <summary>Gets the status word of the answer, or <c>begun</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Gets what was wrong.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the request's identity.</summary>
    public string? RequestId { get; init; }
}

/// <summary>A page of ListAuditEvents.</summary>
/// <param name="Events">The events, the latest first.</param>
/// <param name="NextPageToken">Where to go on, or nothing at the end.</param>
public sealed record AuditEventsResult(IReadOnlyList<AuditEventMessage>? Events, string? NextPageToken);

/// <summary>The result of Health.</summary>
public sealed record HealthResult
{
    /// <summary>Gets whether nothing is wrong.</summary>
    public bool Healthy { get; init; }

    /// <summary>Gets what is wrong.</summary>
    public IReadOnlyList<string>? Problems { get; init; }

    /// <summary>Gets the version.</summary>
    public string? Version { get; init; }

    /// <summary>Gets when the node that answered was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>The result of BackupCatalog: a copy that ReadBackup tells part by part.</summary>
public sealed record BackupResult
{
    /// <summary>Gets the copy's name.</summary>
    public string? Backup { get; init; }

    /// <summary>Gets its length in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets its SHA-256 in lower-case hexadecimal digits.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets how many volumes it has.</summary>
    public int VolumeCount { get; init; }

    /// <summary>Gets how many transactions the catalog had had.</summary>
    public long Commits { get; init; }
}

/// <summary>The result of ReadBackup.</summary>
/// <param name="Content">Up to 1 MiB of the copy, in base64; empty at its end.</param>
public sealed record BackupPartResult(byte[]? Content);
