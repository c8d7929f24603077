namespace HedvigStorage.Completers;

/// <summary>A name that a completer offers.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What a person who chooses wants to know of it.</param>
internal sealed record Candidate(string Name, string Description);
