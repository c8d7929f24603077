using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// The digest of what was desired of a container when it was made. A label cannot be changed, so that after a change in place it tells of a
/// time before: it is two, one of what a change replaces the container for, which is always true, and one of the rest.
/// </summary>
internal static class ContainerDigest
{
    private const char Separator = '-';

    private static readonly HashSet<string> InPlace = new(
        ContainerProperties.All.Where(property => property.IsInPlace).Select(property => property.Name), StringComparer.Ordinal);

    public static string Of(ConfiguredContainer container)
    {
        var desired = ContainerComparison.Digested(container).ToLookup(property => InPlace.Contains(property.Property));
        return Ownership.Digest(desired[false]) + Separator + Ownership.Digest(desired[true]);
    }

    /// <summary>
    /// Tells why a container differs; that it cannot be known where the document may have been changed and applied in place since.
    /// </summary>
    public static ChangeCause CauseOf(
        Ownership ownership, IReadOnlyDictionary<string, string> labels, ConfiguredContainer container, PlanStep step)
    {
        if (!ownership.Owns(labels) || !labels.TryGetValue(Ownership.DesiredLabel, out var last))
        {
            return ChangeCause.Unknown;
        }

        var desired = Of(container);
        return !string.Equals(Fixed(last), Fixed(desired), StringComparison.Ordinal) ? ChangeCause.Document
            : step.Action == StepAction.Replace || string.Equals(last, desired, StringComparison.Ordinal) ? ChangeCause.Drift
            : ChangeCause.Unknown;
    }

    /// <summary>Tells whether a container was made of what a document desires of one, whatever was changed in place since.</summary>
    public static bool IsOf(ConfiguredContainer container, IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Ownership.DesiredLabel, out var last)
            && string.Equals(Fixed(last), Fixed(Of(container)), StringComparison.Ordinal);

    private static string Fixed(string digest) => digest.Split(Separator)[0];
}
