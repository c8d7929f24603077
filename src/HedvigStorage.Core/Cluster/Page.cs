namespace HedvigStorage;

/// <summary>A part of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The part.</param>
/// <param name="NextPageToken">What to ask for the next part with, or <see langword="null"/> at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextPageToken);
