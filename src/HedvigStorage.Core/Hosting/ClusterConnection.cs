namespace HedvigStorage.Hosting;

/// <summary>How to reach a cluster.</summary>
public sealed record ClusterConnection
{
    /// <summary>Gets the nodes, the preferred one first, such as <c>http://127.0.0.1:7080</c>.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>Gets who logs in.</summary>
    public required Credential Credential { get; init; }

    /// <summary>Gets the cluster's name that the log-in gives, usually empty.</summary>
    public string ClusterName { get; init; } = string.Empty;

    /// <summary>Gets how long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Gets whether a server certificate that cannot be verified is accepted.</summary>
    public bool SkipCertificateCheck { get; init; }
}
