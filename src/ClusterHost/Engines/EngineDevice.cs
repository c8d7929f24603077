namespace HedvigStorage.ClusterHost.Engines;

/// <summary>Where a host finds a volume's data: the kind, such as <c>image</c>, and the place.</summary>
internal sealed record EngineDevice(string Kind, string Path);
