using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>The ordered differences between a configuration and what is there.</summary>
public sealed class Plan
{
    internal Plan(
        Configuration configuration,
        PlanOptions options,
        IReadOnlyList<PlanStep> steps,
        IReadOnlyList<PlanObject> orphans,
        IReadOnlyList<string> omissions)
    {
        Source = configuration.Source;
        Document = configuration.Name;
        Options = options;
        Steps = steps;
        Orphans = orphans;
        Omissions = omissions;
        Fingerprint = PlanFingerprint.Of(this);
    }

    /// <summary>Gets the name of the document, by which it knows what it has made, or <see langword="null"/>.</summary>
    public string? Document { get; }

    /// <summary>Gets what the plan covers.</summary>
    public PlanOptions Options { get; }

    /// <summary>Gets what the document has made and no longer describes, and which stays.</summary>
    public IReadOnlyList<PlanObject> Orphans { get; }

    /// <summary>
    /// Gets a digest of the steps, with all that they find and all that they would change: two plans of one fingerprint do the same.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Gets the configuration's name.</summary>
    public string Source { get; }

    /// <summary>Gets the steps in an order in which they could be carried out, those without a change too.</summary>
    public IReadOnlyList<PlanStep> Steps { get; }

    /// <summary>Gets what was left out, and why; only what the document calls optional is.</summary>
    public IReadOnlyList<string> Omissions { get; }

    /// <summary>Gets the steps that change something.</summary>
    public IEnumerable<PlanStep> Changes => Steps.Where(step => step.HasChange);

    /// <summary>Gets whether anything is to be done.</summary>
    public bool HasChanges => Changes.Any();
}
