using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Engines.Embedded;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.ClusterHost.Rest;
using HedvigStorage.Linux.Logging;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>What the command line asks for.</summary>
internal sealed record HostOptions
{
    public required string DataDirectory { get; init; }

    public Uri Listen { get; init; } = new("http://127.0.0.1:7080");

    /// <summary>Gets the file that a copy of the catalog is written to, instead of serving it.</summary>
    public string? Backup { get; init; }

    /// <summary>Gets whether the data directory is checked instead of served.</summary>
    public bool Check { get; init; }

    /// <summary>Gets whether the check accepts what is there.</summary>
    public bool Accept { get; init; }

    public string? Name { get; init; }

    public string? Admin { get; init; }

    public string? CredentialFile { get; init; }

    /// <summary>Gets the nodes that ListClusterNodes names instead of the address listened to.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public double Overcommit { get; init; } = 1;

    public long? Reserve { get; init; }

    /// <summary>Gets the certificate's file, with <see cref="TlsKey"/>; <see langword="null"/> is plain HTTP.</summary>
    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>Gets whether HTTP beyond this machine is what the operator wants.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Gets how often the certificate's files are looked at.</summary>
    public TimeSpan CertificateInterval { get; init; } = TimeSpan.FromSeconds(5);

    public LogFormat LogFormat { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Gets where log lines go.</summary>
    public TextWriter Log { get; init; } = Console.Error;

    public MetricsAccess Metrics { get; init; }

    public ServerLimits Limits { get; init; } = new();

    /// <summary>Gets how long a mounted volume may stay frozen while its image is copied.</summary>
    public TimeSpan FreezeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets how long a snapshot, clone or revert waits for the end of somebody else's work on an image, such as a check of its file system.
    /// </summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how often it is looked whether scheduled snapshots are due.</summary>
    public TimeSpan ScheduleInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets how long the next look at the catalog and all images comes after the last one.</summary>
    public TimeSpan DamageInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how long after a failure a removal is tried again.</summary>
    public TimeSpan RemovalRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how often it is looked whether work is left that the engine could not end.</summary>
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets which Ceph cluster volumes are stored in; <see langword="null"/> is the embedded engine.</summary>
    public CephOptions? Ceph { get; init; }

    /// <summary>Gets the engine's name, one of <see cref="EngineNames"/>.</summary>
    public string Engine => Ceph is null ? EngineNames.Embedded : EngineNames.Ceph;

    /// <summary>Gets what opens the engine that volumes are stored in.</summary>
    public Func<EngineSite, IStorageEngine> OpenEngine { get; init; } =
        static site => new EmbeddedEngine(site.Directory, site.Limits, site.Cluster);

    /// <summary>Says what is wrong with the options together; <see langword="null"/> if nothing is.</summary>
    public string? FindMistake()
    {
        if (Accept && !Check)
        {
            return "--accept goes with --check. Give both, or neither.";
        }

        if (Backup is not null && Check)
        {
            return "--backup and --check do not go together. Give one of them.";
        }

        if (Backup is not null && string.IsNullOrWhiteSpace(Backup))
        {
            return "--backup is empty. Give the name of a new file.";
        }

        var address = Listen.GetLeftPart(UriPartial.Authority);
        var tls = Listen.Scheme == Uri.UriSchemeHttps;
        return (tls, !string.IsNullOrWhiteSpace(TlsCertificate), !string.IsNullOrWhiteSpace(TlsKey)) switch
        {
            (_, true, false) or (_, false, true) => "--tls-cert and --tls-key go together. Give both, or neither.",
            (true, false, false) => $"{address} needs a certificate. Give --tls-cert FILE and --tls-key FILE, or listen on http.",
            (false, true, true) =>
                $"A certificate is of no use on {address}. Give --listen https://…, or leave --tls-cert and --tls-key out.",
            (false, false, false) when !Listen.IsLoopback && !AllowPlainHttp =>
                $"{address} is not a loopback address, and plain HTTP would show passwords to the network. "
                    + "Give https with --tls-cert and --tls-key, or --allow-plain-http.",
            _ => null,
        };
    }
}
