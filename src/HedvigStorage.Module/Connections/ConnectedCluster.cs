using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage;

/// <summary>A cluster that the session is connected to, and what it said of itself. It shows no secret.</summary>
public sealed class ConnectedCluster
{
    internal ConnectedCluster(
        ICluster client,
        ClusterConnection settings,
        string? credentialFile,
        ClusterInformation information,
        ClusterCapabilities capabilities)
    {
        Client = client;
        Settings = settings;
        CredentialFile = credentialFile;
        Information = information;
        Capabilities = capabilities;
        Origin = new ConnectedOrigin(this);
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

    /// <summary>Gets whether this is the default connection of the session now.</summary>
    public bool IsDefault => SessionConnections.Default is { } current && ReferenceEquals(current.Client, Client);

    /// <summary>Gets the nodes that the connection may speak to, the preferred one first.</summary>
    public IReadOnlyList<Uri> Nodes => Settings.Nodes;

    /// <summary>Gets the path of the credential file that the connection was made with, or <see langword="null"/>.</summary>
    public string? CredentialFile { get; }

    /// <summary>Gets the name of the profile that the connection was made from, or saved as, or <see langword="null"/>.</summary>
    public string? Profile { get; internal init; }

    /// <summary>Gets capacity, nodes and health as they were when this object was made.</summary>
    public ClusterInformation Information { get; }

    /// <summary>Gets what the cluster and its engine can do.</summary>
    public ClusterCapabilities Capabilities { get; }

    /// <summary>Gets whether a server certificate that cannot be verified is accepted.</summary>
    public bool SkipCertificateCheck => Settings.SkipCertificateCheck;

    internal ICluster Client { get; }

    /// <summary>Gets what objects hold that came by this connection.</summary>
    internal ClusterOrigin Origin { get; }

    /// <summary>Gets how it was connected to, with the credential: for other connections to the same cluster.</summary>
    internal ClusterConnection Settings { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{UserName}@{Address}";

    internal ConnectedCluster With(ClusterInformation information, ClusterCapabilities capabilities) =>
        new(Client, Settings, CredentialFile, information, capabilities) { Profile = Profile };
}
