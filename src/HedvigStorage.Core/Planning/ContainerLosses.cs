using HedvigStorage.Docker;

namespace HedvigStorage.Planning;

/// <summary>What a container has and the one that replaces it will not: a document describes only what it names.</summary>
internal static class ContainerLosses
{
    /// <summary>Tells it in sentences, each with a blank before it; empty if nothing is lost.</summary>
    public static string Describe(ContainerFacts facts, Container actual)
    {
        var unnamed = Unnamed(facts, ContainerRecipe.Of(actual, facts.PresentImage)).ToArray();
        var others = Others(actual).ToArray();
        return (unnamed.Length == 0 ? string.Empty : $" What the document does not name is not taken over: {string.Join(", ", unnamed)}.")
            + (others.Length == 0 ? string.Empty : $" No document can name, so that it is lost: {string.Join(", ", others)}.");
    }

    /// <summary>Names what no document can say of a container.</summary>
    public static IEnumerable<string> Others(Container actual) => actual.Specification.Others
        .Concat(
            actual.Specification.Mounts.Where(mount => !ContainerMounts.IsDescribed(mount) && mount.Source.Length > 0)
                .Select(mount => $"the {mount.Type} mount at {mount.Target}"));

    // Values of variables and labels may be secret, and long: their names are enough to look them up.
    private static IEnumerable<string> Unnamed(ContainerFacts facts, ContainerSpecification present) => ContainerProperties.All
        .Select(property => (Name: property.WholeName, Value: property.Unnamed(facts, present)))
        .Where(lost => !string.IsNullOrEmpty(lost.Value))
        .Select(lost => $"{lost.Name} {lost.Value}");
}
