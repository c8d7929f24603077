using System.Collections.Generic;
using System.Linq;

namespace HedvigStorage.Planning;

/// <summary>The ordered differences between a configuration and what is there.</summary>
public sealed class Plan
{
    internal Plan(string source, IReadOnlyList<PlanStep> steps, IReadOnlyList<string> omissions)
    {
        Source = source;
        Steps = steps;
        Omissions = omissions;
    }

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
