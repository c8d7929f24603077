using System;

namespace HedvigStorage.Client.Hosting;

/// <summary>How a cluster host is to be started. What is <see langword="null"/> is the cluster host's own default.</summary>
public sealed record ClusterHostOptions
{
    /// <summary>Gets the address to listen on; <see langword="null"/> is <c>http://127.0.0.1:7080</c>, or a free port where that is taken.</summary>
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

    /// <summary>Gets whether plain HTTP is allowed beyond this machine, where passwords cross the network readable.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Gets the form of its log, <c>text</c> or <c>json</c>.</summary>
    public string? LogFormat { get; init; }

    /// <summary>Gets the least that is logged: <c>debug</c>, <c>information</c>, <c>warning</c>, <c>error</c>.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Gets who may read its metrics: <c>loopback</c>, <c>public</c>, <c>off</c>.</summary>
    public string? Metrics { get; init; }

    /// <summary>Gets the nodes that clients are told instead of the address listened to, separated by commas.</summary>
    public string? Advertise { get; init; }

    /// <summary>Gets the free bytes below which creates and snapshots stop.</summary>
    public ByteSize? Reserve { get; init; }
}

/// <summary>A cluster host as it is.</summary>
public sealed record ClusterHostStatus
{
    /// <summary>Gets the data folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Gets whether its process runs.</summary>
    public bool Running { get; init; }

    /// <summary>Gets whether it answers.</summary>
    public bool Answers { get; init; }

    /// <summary>Gets the process, or <see langword="null"/> if it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the address, or <see langword="null"/> if it does not run.</summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the version, or <see langword="null"/> if it does not run.</summary>
    public string? Version { get; init; }

    /// <summary>Gets when it started, or <see langword="null"/> if it does not run.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets the file with the administrator's credential, which the first start makes.</summary>
    public required string CredentialFile { get; init; }

    /// <summary>Gets the file that its output goes to.</summary>
    public required string LogFile { get; init; }
}
