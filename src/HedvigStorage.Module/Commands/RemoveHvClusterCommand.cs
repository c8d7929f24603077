using HedvigStorage.Connections;
using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>
/// Removes embedded clusters of this machine with all their volumes and snapshots. Only what a cluster host has put into the data folder is
/// removed; a folder that holds anything else, protected volumes and volumes in use are refused. One that is gone is not an error.
/// </summary>
[Cmdlet(VerbsCommon.Remove, "HvCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveHvClusterCommand : ClusterHostCommand
{
    /// <summary>
    /// Gets or sets who asks the cluster what it holds. By default it is the administrator of the cluster's credential file.
    /// </summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// Gets or sets whether to remove without asking, and although volumes are attached to hosts, as long as this machine has none of them
    /// in use. It does not lift the protection of a volume.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(IClusterHost host, string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
        {
            WriteVerbose($"There is no '{path}'.");
            return;
        }

        host.CheckRemovable();
        var status = Status(host);
        var credential = Credential is null ? null : new Credential(Credential.UserName, Credential.GetNetworkCredential().Password);
        if (!ShouldProcess(path, Describe(host, status, credential), Force))
        {
            return;
        }

        Await(token => host.RemoveAsync(credential, Force, token));
        foreach (var gone in SessionConnections.All.Where(cluster => cluster.Address == status.Address))
        {
            SessionConnections.End(gone);
        }
    }

    // A preview starts nothing, so of a cluster that does not run it tells less.
    private string Describe(IClusterHost host, ClusterHostStatus status, Credential? credential)
    {
        if (IsPreview && !status.Running)
        {
            return "Remove the embedded cluster with all its volumes and snapshots";
        }

        var content = Await(token => host.InspectAsync(credential, token));
        content.RefuseRemoval(Force);
        return $"Remove the embedded cluster with its volumes ({content.Volumes}) and snapshots ({content.Snapshots}), "
            + "which cannot be had back";
    }
}
