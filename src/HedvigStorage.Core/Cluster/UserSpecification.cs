namespace HedvigStorage;

/// <summary>A user to be made.</summary>
public sealed record UserSpecification
{
    /// <summary>
    /// Gets the name that logs in: letters, digits, <c>_</c>, <c>.</c>, <c>-</c>, <c>@</c> and <c>+</c>, starting with a letter or digit,
    /// at most 255 bytes.
    /// </summary>
    public required string UserName { get; init; }

    /// <summary>Gets the password, 8 to 256 characters.</summary>
    public required string Password { get; init; }

    /// <summary>Gets what the user may do.</summary>
    public UserRole Role { get; init; }

    /// <summary>Gets the name for people; empty is the user name.</summary>
    public string DisplayName { get; init; } = string.Empty;

    /// <summary>Gets the mail address; empty is none.</summary>
    public string Email { get; init; } = string.Empty;

    /// <summary>Gets the telephone number; empty is none.</summary>
    public string Mobile { get; init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => UserName;
}

/// <summary>A change of a user. What is <see langword="null"/> stays.</summary>
public sealed record UserChange
{
    /// <summary>Gets the role.</summary>
    public UserRole? Role { get; init; }

    /// <summary>Gets the name for people.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Gets the mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Gets the telephone number.</summary>
    public string? Mobile { get; init; }
}
