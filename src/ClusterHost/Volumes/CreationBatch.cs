namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>
/// Many volumes that are to be made, and what has become of those that are settled; one that fails is settled by that alone.
/// </summary>
internal sealed class CreationBatch(IReadOnlyList<VolumeSpecification> specifications)
{
    private readonly VolumeSpecification[] _wanted = [.. specifications];
    private readonly VolumeCreation?[] _outcomes = new VolumeCreation?[specifications.Count];

    public int OpenCount => _outcomes.Count(outcome => outcome is null);

    public IReadOnlyList<VolumeSpecification> Open => [.. _wanted.Where((_, index) => _outcomes[index] is null)];

    public IReadOnlyList<string> OpenNames => [.. Open.Select(specification => specification.Name)];

    /// <summary>Gets what became of each, once none is open, in the order of the specifications.</summary>
    public IReadOnlyList<VolumeCreation> Outcomes => _outcomes!;

    /// <summary>Puts other words for each that is open, such as checked ones.</summary>
    public void Refine(Func<VolumeSpecification, VolumeSpecification> refine) =>
        ForEachOpen(index => _wanted[index] = refine(_wanted[index]));

    /// <summary>Settles those that are open and for which there is a volume.</summary>
    public void Settle(Func<VolumeSpecification, Volume?> find) =>
        ForEachOpen(index => _outcomes[index] = find(_wanted[index]) is { } volume ? VolumeCreation.Made(volume) : null);

    private void ForEachOpen(Action<int> act)
    {
        for (var index = 0; index < _wanted.Length; index++)
        {
            if (_outcomes[index] is not null)
            {
                continue;
            }

            try
            {
                act(index);
            }
            catch (ClusterException error)
            {
                _outcomes[index] = VolumeCreation.Failed(error);
            }
        }
    }
}
