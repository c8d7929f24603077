using System.Management.Automation;
using HedvigStorage.Errors;
using HedvigStorage.Loading;

namespace HedvigStorage.Commands;

/// <summary>Stops the plugin host and removes its socket. It is refused while volumes are mounted.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "HvDockerPlugin", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class UninstallHvDockerPluginCommand : HvCommand
{
    /// <summary>Gets or sets the names of Docker volume drivers.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = ["hedvig"];

    /// <summary>Gets or sets whether to uninstall without asking. It does not unmount volumes.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            ForEach(Subjects.DockerPlugin, name, () =>
            {
                ObjectName.Check("plugin", name);
                if (ShouldProcess(name, "Uninstall the Docker plugin", Force))
                {
                    var installer = Services.CreatePluginInstaller(ModulePaths.Hosts, engineAddress: null);
                    Await(token => installer.UninstallAsync(name, token));
                }
            });
        }
    }
}
