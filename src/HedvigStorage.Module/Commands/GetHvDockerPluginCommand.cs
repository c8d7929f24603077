using System.Management.Automation;
using HedvigStorage.Errors;
using HedvigStorage.Hosting;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>Tells whether the plugin host runs on this machine, and how.</summary>
[Cmdlet(VerbsCommon.Get, "HvDockerPlugin")]
[OutputType(typeof(DockerPluginStatus))]
public sealed class GetHvDockerPluginCommand : HvCommand
{
    /// <summary>Gets or sets the names of Docker volume drivers.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["hedvig"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.DockerPlugin, name, () =>
            {
                ObjectName.Check("plugin", name);
                var installer = Services.CreatePluginInstaller(ModulePaths.Hosts, engineAddress: null);
                WriteObject(Await(token => installer.GetStatusAsync(name, token)));
            });
        }
    }
}
