namespace HedvigStorage.ClusterHost.Engines;

/// <summary>What the catalog knows and the engine has not, and the reverse, by name.</summary>
internal sealed record EngineInventory(IReadOnlyList<string> Missing, IReadOnlyList<string> Unknown);
