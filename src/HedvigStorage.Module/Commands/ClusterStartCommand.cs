using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that start cluster hosts: how they are to run.</summary>
public abstract class ClusterStartCommand : ClusterHostCommand
{
    private protected ClusterStartCommand()
    {
    }

    /// <summary>Gets or sets the cluster's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Gets or sets where to listen: <c>http</c> on this machine, or <c>https</c> with a certificate.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Listen { get; set; }

    /// <summary>Gets or sets how many times the capacity may be promised to volumes; 0 is without limit.</summary>
    [Parameter]
    [ValidateRange(0.0, 1e9)]
    public double? Overcommit { get; set; }

    /// <summary>Gets or sets the free space below which creates and snapshots stop, such as <c>5GB</c>.</summary>
    [Parameter]
    [SizeTransformation]
    public ByteSize? Reserve { get; set; }

    /// <summary>Gets or sets the file of the certificate for https, PEM, with its chain.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsCertificate { get; set; }

    /// <summary>Gets or sets the file of the certificate's key, PEM, without a passphrase.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? TlsKey { get; set; }

    /// <summary>Gets or sets whether http is allowed beyond this machine, where passwords are sent in clear text.</summary>
    [Parameter]
    public SwitchParameter AllowPlainHttp { get; set; }

    /// <summary>Gets or sets the nodes that clients are told, as <c>host:port</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Advertise { get; set; }

    /// <summary>Gets or sets who may read the metrics: this machine, everybody or nobody.</summary>
    [Parameter]
    [ValidateSet("loopback", "public", "off")]
    public string? Metrics { get; set; }

    /// <summary>Gets or sets the form of the log.</summary>
    [Parameter]
    [ValidateSet("text", "json")]
    public string? LogFormat { get; set; }

    /// <summary>Gets or sets the least that is logged.</summary>
    [Parameter]
    [ValidateSet("debug", "information", "warning", "error")]
    public string? LogLevel { get; set; }

    /// <summary>Gets or sets what volumes are stored in. A data folder keeps the engine of its first start.</summary>
    [Parameter]
    [ValidateSet("embedded", "ceph")]
    public string? Engine { get; set; }

    /// <summary>Gets or sets Ceph's configuration file, for the engine <c>ceph</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CephConfiguration { get; set; }

    /// <summary>Gets or sets the Ceph user without <c>client.</c>, for the engine <c>ceph</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CephUser { get; set; }

    /// <summary>Gets or sets what the names of the cluster's pools begin with, for the engine <c>ceph</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CephPool { get; set; }

    private protected ClusterHostOptions Options()
    {
        if (Name is not null)
        {
            _ = ObjectName.Check("cluster", Name);
        }

        if (Listen is not null && !(Listen.IsAbsoluteUri && Listen.Scheme is "http" or "https"))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"'{ObjectName.Printable(Listen.OriginalString)}' is not an address to listen on. Give one such as http://127.0.0.1:7080.");
        }

        return new ClusterHostOptions
        {
            Name = Name,
            Listen = Listen,
            Overcommit = Overcommit,
            Reserve = Reserve,
            TlsCertificate = ResolvePath(TlsCertificate),
            TlsKey = ResolvePath(TlsKey),
            AllowPlainHttp = AllowPlainHttp,
            Advertise = Advertise is null ? null : string.Join(",", Advertise),
            Metrics = Metrics,
            LogFormat = LogFormat,
            LogLevel = LogLevel,
            Engine = Engine?.ToLowerInvariant(),
            CephConfiguration = ResolvePath(CephConfiguration),
            CephUser = CephUser,
            CephPool = CephPool,
        };
    }

    private protected void WriteStarted(ClusterHostStatus status)
    {
        if (AllowPlainHttp && Listen is { Scheme: "http", IsLoopback: false })
        {
            WriteWarning($"{Listen.OriginalString} is plain HTTP beyond this machine: passwords are sent in clear text.");
        }

        WriteObject(status);
    }
}
