namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>A copy of the catalog that is ready to be fetched.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, in lower-case hexadecimal digits.</param>
/// <param name="Volumes">How many volumes it has.</param>
/// <param name="Commits">How many transactions the catalog had had.</param>
internal sealed record KeptBackup(string Id, long Bytes, string Sha256, long Volumes, long Commits);
