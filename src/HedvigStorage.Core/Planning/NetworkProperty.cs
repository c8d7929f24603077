using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>A property of networks: what a document says of it, and where a network differs.</summary>
/// <param name="Name">What documents and plans call it.</param>
/// <param name="Specified">Lists what a new network is made with.</param>
/// <param name="Differences">Finds the differences.</param>
internal sealed record NetworkProperty(
    string Name,
    Func<ConfiguredNetwork, IEnumerable<PropertyChange>> Specified,
    Func<ConfiguredNetwork, EngineNetwork, IEnumerable<PropertyChange>> Differences);
