namespace HedvigStorage.Planning;

/// <summary>Tells whether two plans do the same.</summary>
internal static class PlanFingerprint
{
    public static string Of(Plan plan)
    {
        var text = new StringBuilder();
        Add(plan.Source, plan.Document, plan.Options.Prune ? "prune" : null);
        foreach (var step in plan.Changes)
        {
            // Reasons and costs tell figures that change without a meaning for the step, such as the bytes on disk.
            Add(step.Id, step.Action.ToString(), step.Identity);
            foreach (var change in step.Changes)
            {
                Add(change.Property, change.Before, change.After);
            }

            foreach (var id in step.DependsOn)
            {
                Add("after", id);
            }
        }

        return Sha256Text.Of(text.ToString());

        // Lengths go before texts, so that no two lists of texts look alike.
        void Add(params string?[] parts)
        {
            foreach (var part in parts)
            {
                _ = part is null ? text.Append('-') : text.Append(part.Length).Append(':').Append(part);
            }

            _ = text.Append('\n');
        }
    }
}
