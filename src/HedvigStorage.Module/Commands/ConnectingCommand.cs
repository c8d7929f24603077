using System.Management.Automation.Host;
using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has that opens connections, or finds those that are open.</summary>
public abstract class ConnectingCommand : HvCommand
{
    private static readonly TimeSpan LogoutLimit = TimeSpan.FromSeconds(5);

    private protected ConnectingCommand()
    {
    }

    /// <summary>Finds the connection that is meant; a profile is opened for it if its credential can be had without asking.</summary>
    private protected ConnectedCluster Resolve(ClusterReference reference)
    {
        if (reference.Connected is { } connected)
        {
            return SessionConnections.IsEnded(connected)
                ? throw new ClusterException(
                    ErrorCode.InvalidArgument, $"The connection {connected} has ended. Run Connect-HvCluster {connected.Address} again.")
                : connected;
        }

        return reference.Host is { } host ? OpenHost(host) : FindOpen(reference.Name!) ?? OpenNamed(reference.Name!);
    }

    /// <summary>Finds the open connection of a name or address; <see langword="null"/> if there is none.</summary>
    private protected static ConnectedCluster? FindOpen(string name)
    {
        var found = SessionConnections.Find(name);
        if (found.Count == 0)
        {
            return null;
        }

        if (found.Select(cluster => cluster.Address).Distinct().Skip(1).Any())
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"'{ObjectName.Printable(name)}' means {found.Count} open connections: {string.Join(", ", found)}. "
                    + "Give the address of the one that is meant.");
        }

        var cluster = found.FirstOrDefault(candidate => candidate.IsDefault) ?? found[found.Count - 1];

        // A cluster's name and a profile's are given by different people: where they lead to different clusters, neither is taken for the
        // other.
        return IsProfileOfAnother(cluster, name)
            ? throw new ClusterException(
                ErrorCode.Conflict,
                $"'{ObjectName.Printable(name)}' is the name of the cluster {cluster.Address}, which is connected, "
                    + "and of a profile that leads elsewhere. Connect with -Profile first, or give the address of the one that is meant.")
            : cluster;
    }

    /// <summary>Logs in, and asks the cluster what it is.</summary>
    private protected ConnectedCluster Open(ClusterConnection settings, string? credentialFile, string? profile)
    {
        if (settings.SkipCertificateCheck)
        {
            WriteWarning("The cluster's certificate is not checked (-SkipCertificateCheck): whoever is on the way can read the password.");
        }

        var client = Services.CreateCluster(settings);
        try
        {
            return Await(async token =>
            {
                await client.ConnectAsync(token).ConfigureAwait(false);
                var capabilities = await client.GetCapabilitiesAsync(token).ConfigureAwait(false);
                var information = await client.GetInformationAsync(token).ConfigureAwait(false);
                return new ConnectedCluster(client, settings, credentialFile, information, capabilities) { Profile = profile };
            });
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Makes settings of the profile that a name means, if its credential can be had without asking.</summary>
    private protected ClusterConnection DescribeProfile(string name) => DescribeProfile(FindReference(name));

    /// <summary>Makes settings of an embedded cluster of this machine.</summary>
    private protected static ClusterConnection DescribeHost(ClusterHostStatus host) => new()
    {
        Nodes =
            [host.Address ?? throw new ClusterException(ErrorCode.Unreachable, $"The cluster in '{host.DataDirectory}' does not run. "
                + "Start it with Start-HvCluster.")],
        Credential = Services.ReadCredential(host.CredentialFile),
    };

    /// <summary>Makes settings of a profile and a credential.</summary>
    private protected static ClusterConnection Describe(ConnectionProfile profile, Credential credential)
    {
        var settings = new ClusterConnection
        {
            Nodes = profile.Nodes,
            Credential = credential,
            SkipCertificateCheck = profile.SkipCertificateCheck,
        };
        return profile.RequestTimeout is { } timeout ? settings with { RequestTimeout = timeout } : settings;
    }

    /// <summary>Finds a profile.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: there is none of that name.</exception>
    private protected static ConnectionProfile FindProfile(string name) => ProfileStore.Find(name)
        ?? throw new ClusterException(
            ErrorCode.NotFound,
            $"There is no profile '{ObjectName.Printable(name)}' in '{ProfileStore.Path}'.{Known("Profiles", ProfileStore.Names)}");

    /// <summary>Reads the credential that a profile leads to; <see langword="null"/> if a person has to be asked.</summary>
    private protected Credential? ReadCredential(ConnectionProfile profile) =>
        profile.CredentialFile is { } file ? Services.ReadCredential(file)
        : profile.SecretName is { } secret ? SecretCredential.Read(this, secret, profile.VaultName, profile.UserName)
        : null;

    /// <summary>Asks the person at the session.</summary>
    private protected Credential AskCredential(ConnectionProfile profile)
    {
        try
        {
            var asked = Host.UI.PromptForCredential(
                "HedvigStorage",
                $"The password for the cluster {profile.Nodes[0]} (profile {profile.Name})",
                profile.UserName ?? string.Empty,
                string.Empty);
            return asked is null
                ? throw NoCredential(profile, null)
                : new Credential(asked.UserName.TrimStart('\\'), asked.GetNetworkCredential().Password);
        }
        catch (Exception exception) when (exception is HostException or PSInvalidOperationException or NotImplementedException)
        {
            throw NoCredential(profile, exception);
        }
    }

    /// <summary>Ends the login of a connection that is not kept.</summary>
    private protected void Close(ConnectedCluster cluster)
    {
        Await(token => LogoutAsync(cluster.Client, token));
        cluster.Client.Dispose();
    }

    /// <summary>
    /// Tells the cluster that a session is over, but does not wait for long: a session that nobody ends does so by itself.
    /// </summary>
    private protected static async Task LogoutAsync(ICluster cluster, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LogoutLimit);
        try
        {
            await cluster.Administration.LogoutAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
                                        when (exception is ObjectDisposedException || (
                                            exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Ended already, or not in time.
        }
    }

    private ConnectedCluster OpenNamed(string name)
    {
        var profile = FindReference(name);
        var cluster = Open(DescribeProfile(profile), profile.CredentialFile, profile.Name);
        SessionConnections.Add(cluster);
        WriteVerbose($"The profile '{profile.Name}' was opened: {cluster}. The default connection is what it was.");
        return cluster;
    }

    private ConnectedCluster OpenHost(ClusterHostStatus host)
    {
        if (SessionConnections.All.FirstOrDefault(open => open.Address == host.Address) is { } found)
        {
            return found;
        }

        var cluster = Open(DescribeHost(host), host.CredentialFile, profile: null);
        SessionConnections.Add(cluster);
        return cluster;
    }

    private ClusterConnection DescribeProfile(ConnectionProfile profile) =>
        Describe(profile, ReadCredential(profile) ?? throw NoCredential(profile, null));

    private static ConnectionProfile FindReference(string name) => ProfileStore.Find(name) ?? throw new ClusterException(
        ErrorCode.NotFound,
        "There is no open connection and no profile "
            + $"'{ObjectName.Printable(name)}'.{Known("Connections", SessionConnections.Names)}{Known("Profiles", ProfileStore.Names)} Run "
            + "Connect-HvCluster first.");

    private static bool IsProfileOfAnother(ConnectedCluster cluster, string name) =>
        !string.Equals(cluster.Profile, name, StringComparison.OrdinalIgnoreCase)
        && string.Equals(cluster.Name, name, StringComparison.OrdinalIgnoreCase)
        && ProfileStore.Find(name) is { } profile
        && !profile.Nodes.Any(node => SessionConnections.IsAt(cluster, node.GetLeftPart(UriPartial.Authority)));

    private static ClusterException NoCredential(ConnectionProfile profile, Exception? exception) => new(
        ErrorCode.Unauthorized,
        $"The profile '{profile.Name}' leads to no credential that can be read without asking. Run Connect-HvCluster -Profile "
            + $"{profile.Name} -Credential {profile.UserName ?? "USER"}.",
        exception);

    private static string Known(string what, IReadOnlyList<string> names) =>
        names.Count == 0 ? string.Empty : $" {what}: {string.Join(", ", names)}.";
}
