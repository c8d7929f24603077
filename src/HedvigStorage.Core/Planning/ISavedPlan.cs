using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>A plan that was saved, which is carried out as it was saved or not at all.</summary>
public interface ISavedPlan
{
    /// <summary>Gets what it covers besides the document.</summary>
    PlanOptions Options { get; }

    /// <summary>Gives a configuration the name that the plan knows it by, if it is the one that was planned.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: it is another one.</exception>
    Configuration Recognise(Configuration configuration);

    /// <summary>Makes sure that a new plan does what the saved one says.</summary>
    /// <param name="plan">The new plan.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: it does something else, so the saved plan is
    /// stale.</exception>
    void Check(Plan plan);
}
