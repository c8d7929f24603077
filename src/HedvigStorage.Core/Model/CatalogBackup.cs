namespace HedvigStorage;

/// <summary>A copy of a cluster's catalog that was fetched.</summary>
public sealed record CatalogBackup
{
    /// <summary>Gets its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets its SHA-256 in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets how many volumes it has.</summary>
    public required int VolumeCount { get; init; }
}
