namespace HedvigStorage.Planning;

/// <summary>Makes the steps of objects of a cluster, whose labels can be changed: what is the document's own is known by them.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="ownership">Whose objects are.</param>
/// <param name="keepsLabels">Whether the cluster keeps labels.</param>
internal sealed class CatalogObject(ICluster cluster, Ownership ownership, bool keepsLabels)
{
    /// <summary>Makes the labels of an object that is made.</summary>
    public IReadOnlyDictionary<string, string> Labels(string digest) => keepsLabels ? ownership.Labels(digest) : ObjectLabels.None;

    /// <summary>Tells whether an object is the document's own.</summary>
    public bool Owns(IReadOnlyDictionary<string, string> labels) => ownership.Owns(labels);

    /// <summary>Tells why an object of the document differs.</summary>
    public ChangeCause CauseOf(IReadOnlyDictionary<string, string> labels, string digest) => ownership.CauseOf(labels, digest);

    /// <summary>Sets the labels of an object that the cluster makes without.</summary>
    public Task LabelAsync(LabelledObject item, string digest, CancellationToken cancellationToken) =>
        keepsLabels && ownership.Document is not null
        ? cluster.SetLabelsAsync(
            item,
            ownership.Labels(digest).ToDictionary(label => label.Key, label => (string?)label.Value, StringComparer.Ordinal),
            cancellationToken)
        : Task.CompletedTask;

    /// <summary>Makes of a step for an object that is there what ownership asks for.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>: the object is another document's.</exception>
    public PlanStep Settle(PlanStep step, LabelledObject item, IReadOnlyDictionary<string, string> labels, string digest)
    {
        ownership.Check(step.Kind, step.Name, labels, step.HasChange);
        if (step.HasChange)
        {
            step.Cause = ownership.CauseOf(labels, digest);
        }

        if (ownership.Document is null || !keepsLabels || step.Action is StepAction.Remove or StepAction.Replace)
        {
            return step;
        }

        if (step.Action == StepAction.Adopt)
        {
            return step;
        }

        if (step.HasChange)
        {
            var change = step.Execute!;
            step.Execute = async (context, cancellationToken) =>
            {
                await change(context, cancellationToken).ConfigureAwait(false);
                await LabelAsync(item, digest, cancellationToken).ConfigureAwait(false);
            };
            return step;
        }

        return ownership.Owns(labels) ? step : new PlanStep(step.Kind, step.Name, StepAction.Adopt)
        {
            Reason = $"It is as desired, and becomes the document '{ownership.Document}'s own.",
            Notes = step.Notes,
            Execute = (_, cancellationToken) => LabelAsync(item, digest, cancellationToken),
        };
    }

    /// <summary>Makes the step of an object whose ownership the document gives up.</summary>
    public PlanStep Forget(ResourceKind kind, string name, LabelledObject item, IReadOnlyDictionary<string, string>? labels) =>
        labels is null || !ownership.Owns(labels)
            ? new PlanStep(kind, name, StepAction.None) { Reason = labels is null ? "It is not there." : "It is not this document's." }
            : new PlanStep(kind, name, StepAction.Forget)
            {
                Reason = "The document gives up ownership; the object is kept.",
                Execute = (_, cancellationToken) => cluster.SetLabelsAsync(
                    item,
                    labels.Keys.Where(name => name.StartsWith(Ownership.Prefix, StringComparison.Ordinal) && !string.Equals(
                        name,
                        VolumeOrigin.Label,
                        StringComparison.Ordinal)).ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal),
                    cancellationToken),
            };

    /// <summary>Makes a step that has nothing to do.</summary>
    public static PlanStep AsDesired(ResourceKind kind, string name, bool there) =>
        new(kind, name, StepAction.None) { Reason = there ? "It is as desired." : "It is not there, as desired." };
}
