namespace HedvigStorage.Client.Docker;

/// <summary>What an engine says is wrong.</summary>
internal sealed record ErrorMessage(string? Message);
