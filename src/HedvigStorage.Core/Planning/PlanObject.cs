namespace HedvigStorage.Planning;

/// <summary>An object that a plan tells of without a step for it.</summary>
/// <param name="Kind">The kind of object.</param>
/// <param name="Name">Its name, as in <see cref="PlanStep.Name"/>.</param>
public sealed record PlanObject(ResourceKind Kind, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => PlanStep.IdOf(Kind, Name);
}
