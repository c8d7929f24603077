using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Stops the plugin host and removes it. It is refused while volumes are mounted.</summary>
[Cmdlet(VerbsLifecycle.Uninstall, "HvDockerPlugin", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class UninstallHvDockerPluginCommand : DockerPluginCommand
{
    /// <summary>Gets or sets whether to uninstall without asking. It does not unmount volumes.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(IDockerPluginInstaller installer, string name)
    {
        if (ShouldProcess(name, "Uninstall the Docker plugin", Force))
        {
            Await(token => installer.UninstallAsync(name, token));
        }
    }
}
