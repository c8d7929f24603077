using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>
/// Makes a cluster on this machine and starts it: embedded, or over Ceph. A folder that holds a cluster already, or anything else, is
/// refused.
/// </summary>
[Cmdlet(VerbsCommon.New, "HvCluster", SupportsShouldProcess = true)]
[OutputType(typeof(ClusterHostStatus))]
public sealed class NewHvClusterCommand : ClusterStartCommand
{
    /// <summary>
    /// Gets or sets the administrator. By default it is <c>HedvigAdmin</c> with a random password; the credential file tells either.
    /// </summary>
    [Parameter]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    private protected override void Process(IClusterHost host, string path)
    {
        var options = Options();
        if (host.WhyNotCreate() is { } reason)
        {
            throw new ClusterException(ErrorCode.Conflict, reason);
        }

        var kind = string.Equals(options.Engine, "ceph", StringComparison.Ordinal) ? "a cluster over Ceph" : "an embedded cluster";
        if (ShouldProcess(path, $"Create {kind} and start it"))
        {
            var admin = Credential is null ? null : new Credential(Credential.UserName, Credential.GetNetworkCredential().Password);
            WriteStarted(Await(token => host.CreateAsync(options, admin, token)));
        }
    }
}
