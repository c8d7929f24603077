namespace HedvigStorage.Hosting;

/// <summary>
/// How a cluster host is to be started. What is <see langword="null"/> is as at the start before, or else the cluster host's own default.
/// </summary>
public sealed record ClusterHostOptions
{
    /// <summary>
    /// Gets the address to listen on; <see langword="null"/> is <c>http://127.0.0.1:7080</c>, or a free port where that is taken.
    /// </summary>
    public Uri? Listen { get; init; }

    /// <summary>Gets the cluster's name.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the administrator's name, for the first start.</summary>
    public string? Admin { get; init; }

    /// <summary>Gets a credential file that exists, for the first start.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Gets how many times the capacity may be promised; 0 is without limit.</summary>
    public double? Overcommit { get; init; }

    /// <summary>Gets the certificate's file for https, with <see cref="TlsKey"/>.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Gets the file of the certificate's key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>
    /// Gets whether plain HTTP is allowed beyond this machine, where passwords are sent in clear text. It goes with the address: the start
    /// before counts only where <see cref="Listen"/> is not given.
    /// </summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Gets the form of its log, <c>text</c> or <c>json</c>.</summary>
    public string? LogFormat { get; init; }

    /// <summary>Gets the least that is logged: <c>debug</c>, <c>information</c>, <c>warning</c>, <c>error</c>.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Gets who may read its metrics: <c>loopback</c>, <c>public</c>, <c>off</c>.</summary>
    public string? Metrics { get; init; }

    /// <summary>Gets the nodes that clients are told instead of the address listened to, separated by commas.</summary>
    public string? Advertise { get; init; }

    /// <summary>
    /// Gets what volumes are stored in: <c>embedded</c> or <c>ceph</c>. A data folder keeps the engine of its first start.
    /// </summary>
    public string? Engine { get; init; }

    /// <summary>Gets Ceph's configuration file, for the engine <c>ceph</c>; the default is <c>/etc/ceph/ceph.conf</c>.</summary>
    public string? CephConfiguration { get; init; }

    /// <summary>Gets the Ceph user without <c>client.</c>, for the engine <c>ceph</c>; the default is <c>hedvig</c>.</summary>
    public string? CephUser { get; init; }

    /// <summary>Gets what the names of the cluster's pools begin with, for the engine <c>ceph</c>; the default is <c>hv</c>.</summary>
    public string? CephPool { get; init; }

    /// <summary>Gets the free bytes below which creates and snapshots stop.</summary>
    public ByteSize? Reserve { get; init; }
}
