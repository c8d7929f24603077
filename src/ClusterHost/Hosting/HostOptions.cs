using System;
using System.Collections.Generic;

namespace HedvigStorage.ClusterHost.Hosting;

/// <summary>What the command line asks for.</summary>
internal sealed record HostOptions
{
    public required string DataDirectory { get; init; }

    public Uri Listen { get; init; } = new("http://127.0.0.1:7080");

    public string? Name { get; init; }

    public string? Admin { get; init; }

    public string? CredentialFile { get; init; }

    /// <summary>Gets the nodes that ListClusterNodes names instead of the address listened to.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public double Overcommit { get; init; } = 1;

    public long? Reserve { get; init; }

    /// <summary>Gets how long a mounted volume may stay frozen while its image is copied.</summary>
    public TimeSpan FreezeLimit { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
