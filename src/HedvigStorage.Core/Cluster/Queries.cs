namespace HedvigStorage;

/// <summary>Which volumes to list.</summary>
public sealed record VolumeQuery
{
    /// <summary>Gets a pattern of names with <c>*</c> and <c>?</c>, in any letter case; <see langword="null"/> is all.</summary>
    public string? Pattern { get; init; }

    /// <summary>Gets exact names; <see langword="null"/> is all.</summary>
    public IReadOnlyCollection<string>? Names { get; init; }

    /// <summary>Gets the most items of a page, 1 to 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Gets where to go on, from <see cref="Page{T}.NextPageToken"/>.</summary>
    public string? PageToken { get; init; }
}

/// <summary>Which snapshots to list.</summary>
public sealed record SnapshotQuery
{
    /// <summary>Gets the volume; <see langword="null"/> is all.</summary>
    public string? Volume { get; init; }

    /// <summary>Gets a pattern of snapshot names with <c>*</c> and <c>?</c>, in any letter case; <see langword="null"/> is all.</summary>
    public string? Pattern { get; init; }

    /// <summary>Gets the most items of a page, 1 to 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Gets where to go on, from <see cref="Page{T}.NextPageToken"/>.</summary>
    public string? PageToken { get; init; }
}

/// <summary>Which audit events to list.</summary>
public sealed record AuditQuery
{
    /// <summary>Gets the user who asked; <see langword="null"/> is anybody.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the request's type; <see langword="null"/> is any.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the earliest instant; <see langword="null"/> is all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets the most items of a page, 1 to 1,000.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Gets where to go on, from <see cref="Page{T}.NextPageToken"/>.</summary>
    public string? PageToken { get; init; }
}
