using HedvigStorage.Hosting;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that do something with embedded clusters of this machine.</summary>
public abstract class ClusterHostCommand : HvCommand
{
    private protected ClusterHostCommand()
    {
    }

    /// <summary>Gets or sets the data folders of embedded clusters.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Path", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] DataDirectory { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var folder in DataDirectory)
        {
            try
            {
                var path = ResolvePath(folder)!;
                Process(Services.CreateClusterHost(path, ModulePaths.Hosts), path);
            }
            catch (ClusterException exception)
            {
                // Each is a cluster of its own: that one does not answer says nothing of the others.
                WriteError(exception.ToRecord(Subjects.Cluster, folder));
            }
        }
    }

    private protected abstract void Process(IClusterHost host, string path);

    private protected string? ResolvePath(string? path) => path is null ? null : GetUnresolvedProviderPathFromPSPath(path);

    private protected ClusterHostStatus Status(IClusterHost host) => Await(host.GetStatusAsync);
}
