using HedvigStorage.Docker;
using HedvigStorage.Documents;
using static HedvigStorage.Planning.OrdinalComparison;

namespace HedvigStorage.Planning;

/// <summary>What a container has of its image.</summary>
internal static class ContainerImage
{
    /// <summary>The desired image, or one that sets nothing where the engine does not have it.</summary>
    public static Image Of(ContainerFacts facts, Container actual) => facts.Image ?? new Image { Id = actual.ImageId };

    /// <summary>Takes away what an image sets itself.</summary>
    public static Dictionary<string, string> Beyond(
        IReadOnlyDictionary<string, string> all, IReadOnlyDictionary<string, string> inherited) => all
        .Where(pair => !(inherited.TryGetValue(pair.Key, out var value) && Same(value, pair.Value)))
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    /// <summary>
    /// Tells what a command comes to: an engine takes an empty one for none that was given, and only an entry point of the container's own
    /// takes the image's away.
    /// </summary>
    public static IReadOnlyList<string> CommandOf(ConfiguredContainer container, IReadOnlyList<string> command, Image? image) =>
        command.Count == 0 && container.EntryPoint is null or { Count: 0 } ? image?.Command ?? [] : command;

    /// <summary>Tells whether neither the container nor its image says what to run, where the image is there to be asked.</summary>
    public static bool HasNothingToRun(ContainerFacts facts) => facts.Image is { } image
        && (facts.Desired.EntryPoint ?? image.EntryPoint) is null or { Count: 0 }
        && CommandOf(facts.Desired, facts.Desired.Command ?? [], image).Count == 0;
}
