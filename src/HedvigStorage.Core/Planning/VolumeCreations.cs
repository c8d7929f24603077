using System.Diagnostics;

namespace HedvigStorage.Planning;

/// <summary>The blank volumes that a plan makes, many by one request.</summary>
internal sealed class VolumeCreations
{
    private readonly ICluster _cluster;
    private readonly BatchSize _size = new();
    private readonly Dictionary<string, VolumeSpecification> _specifications = new(StringComparer.Ordinal);

    public VolumeCreations(ICluster cluster)
    {
        _cluster = cluster;
        Batch = new StepBatch(() => _size.Current, ExecuteAsync);
    }

    public StepBatch Batch { get; }

    public void Add(PlanStep step, VolumeSpecification specification) => _specifications.Add(step.Id, specification);

    private async Task<IReadOnlyList<ClusterException?>> ExecuteAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var outcomes = await _cluster.CreateVolumesAsync(steps.Select(step => _specifications[step.Id]).ToArray(), cancellationToken)
                .ConfigureAwait(false);
            return outcomes.Select(outcome => outcome.Error).ToArray();
        }
        finally
        {
            _size.Note(steps.Count, watch.Elapsed);
        }
    }
}
