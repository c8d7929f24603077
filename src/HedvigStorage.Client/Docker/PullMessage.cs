namespace HedvigStorage.Client.Docker;

/// <summary>
/// A line of the report of a pull. The library's has no text of the progress, and no error where an engine says it in the old form alone,
/// as Podman does: a pull that failed would read as one that did not.
/// </summary>
internal sealed record PullMessage(string? Status, string? Id, string? Progress, string? Error, ErrorMessage? ErrorDetail);
