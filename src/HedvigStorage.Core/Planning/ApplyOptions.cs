namespace HedvigStorage.Planning;

/// <summary>How a plan is carried out, and what it may do.</summary>
public sealed record ApplyOptions
{
    /// <summary>Every kind that can be replaced.</summary>
    public static IReadOnlyCollection<ResourceKind> AnyKind { get; } = [.. EnumWords<ResourceKind>.All.Select(word => word.Value)];

    /// <summary>Gets the kinds of objects that may be removed and recreated; default: none. What is on a volume is lost by it.</summary>
    public IReadOnlyCollection<ResourceKind> AllowReplace { get; init; } = [];

    /// <summary>
    /// Gets whether objects may be removed that the document does not make absent, as by <see cref="PlanOptions.Prune"/>.
    /// </summary>
    public bool AllowRemove { get; init; }

    /// <summary>
    /// Gets how many steps are carried out at once, 1 to 64. Default: 10. New volumes that the cluster makes by one request count as one.
    /// </summary>
    public int MaximumParallel { get; init; } = 10;

    /// <summary>Tells whether a step may be carried out: it needs no consent, or has it.</summary>
    public bool Allows(PlanStep step) => step.Needs switch
    {
        Consent.Replace => AllowReplace.Contains(step.Kind),
        Consent.Remove => AllowRemove,
        _ => true,
    };
}
