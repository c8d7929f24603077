namespace HedvigStorage.ClusterHost.Engines;

/// <summary>
/// Where a host finds a volume's data: <c>image</c>, a file's path; <c>rbd</c>, <c>pool/image</c>; or <c>cephfs</c>, the file system's
/// name and the path in it, <c>name:/path</c>.
/// </summary>
internal sealed record EngineDevice(string Kind, string Path);
