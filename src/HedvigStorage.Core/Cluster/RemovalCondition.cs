namespace HedvigStorage;

/// <summary>
/// What the labels of a volume have to be so that it is removed. The cluster looks at them and removes in one step, so that nobody changes
/// them in between.
/// </summary>
public sealed record RemovalCondition
{
    /// <summary>Gets the labels that the volume must have, with their values.</summary>
    public IReadOnlyDictionary<string, string> IfLabelled { get; init; } = ObjectLabels.None;

    /// <summary>Gets the names of labels of which the volume must have none.</summary>
    public IReadOnlyList<string> UnlessLabelled { get; init; } = [];
}
