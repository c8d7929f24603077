namespace HedvigStorage.Planning;

/// <summary>A kind of work that is done far quicker for many steps together than for each by itself.</summary>
/// <param name="Most">Tells how many steps are carried out together at most, now.</param>
/// <param name="ExecuteAsync">Carries out some steps, and tells what was wrong with each, in their order.</param>
internal sealed record StepBatch(
    Func<int> Most, Func<IReadOnlyList<PlanStep>, CancellationToken, Task<IReadOnlyList<ClusterException?>>> ExecuteAsync);
