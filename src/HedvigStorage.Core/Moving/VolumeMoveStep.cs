namespace HedvigStorage.Moving;

/// <summary>A step of a move, for people.</summary>
/// <param name="Target">What is changed, such as the container's name.</param>
/// <param name="Action">What is done with it.</param>
public sealed record VolumeMoveStep(string Target, string Action);
