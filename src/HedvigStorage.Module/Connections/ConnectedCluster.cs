using System;
using System.Collections.Generic;

namespace HedvigStorage;

/// <summary>A cluster that the session is connected to, and what it said of itself. It shows no secret.</summary>
public sealed class ConnectedCluster
{
    internal ConnectedCluster(ICluster client, IReadOnlyList<Uri> nodes, string? credentialFile, ClusterInformation information, ClusterCapabilities capabilities)
    {
        Client = client;
        Nodes = nodes;
        CredentialFile = credentialFile;
        Information = information;
        Capabilities = capabilities;
    }

    /// <summary>Gets the cluster's name, or <see langword="null"/> if it does not tell.</summary>
    public string? Name => Information.Name;

    /// <summary>Gets the address of the node that is spoken to.</summary>
    public Uri Address => Client.Address;

    /// <summary>Gets the user that is logged in.</summary>
    public string UserName => Client.UserName;

    /// <summary>Gets the engine, such as <c>Embedded</c>.</summary>
    public string Engine => Capabilities.Engine;

    /// <summary>Gets whether the cluster says that it is healthy.</summary>
    public bool Healthy => Information.Healthy;

    /// <summary>Gets the nodes that the connection may speak to, the preferred one first.</summary>
    public IReadOnlyList<Uri> Nodes { get; }

    /// <summary>Gets the path of the credential file that the connection was made with, or <see langword="null"/>.</summary>
    public string? CredentialFile { get; }

    /// <summary>Gets capacity, nodes and health as they were when this object was made.</summary>
    public ClusterInformation Information { get; }

    /// <summary>Gets what the cluster and its engine can do.</summary>
    public ClusterCapabilities Capabilities { get; }

    /// <summary>Gets whether a server certificate that cannot be verified is accepted.</summary>
    public bool SkipCertificateCheck { get; internal init; }

    internal ICluster Client { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{UserName}@{Address}";

    internal ConnectedCluster With(ClusterInformation information, ClusterCapabilities capabilities) =>
        new(Client, Nodes, CredentialFile, information, capabilities) { SkipCertificateCheck = SkipCertificateCheck };
}
