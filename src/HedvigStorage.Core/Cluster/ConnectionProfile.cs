namespace HedvigStorage;

/// <summary>How to reach a cluster, kept under a name. It holds no secret, only where one is.</summary>
public sealed record ConnectionProfile
{
    /// <summary>Gets the profile's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the nodes, the preferred one first.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>Gets who logs in, or <see langword="null"/> if the credential tells.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the path of the credential file, or <see langword="null"/>.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Gets the name of the secret of SecretManagement, or <see langword="null"/>.</summary>
    public string? SecretName { get; init; }

    /// <summary>Gets the vault of the secret, or <see langword="null"/> for any.</summary>
    public string? VaultName { get; init; }

    /// <summary>Gets how long one request may take, or <see langword="null"/> for the default.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Gets whether a server certificate that cannot be verified is accepted.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
