using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>
/// Puts this version of the plugin host in the place of the one that is installed, with its settings. A managed plugin is updated only
/// while no volume is mounted.
/// </summary>
[Cmdlet(VerbsData.Update, "HvDockerPlugin", SupportsShouldProcess = true)]
[OutputType(typeof(DockerPluginStatus))]
public sealed class UpdateHvDockerPluginCommand : DockerPluginCommand
{
    private protected override void Process(IDockerPluginInstaller installer, string name)
    {
        if (ShouldProcess(name, "Update the Docker plugin"))
        {
            WriteObject(Await(token => installer.UpdateAsync(name, token)));
        }
    }
}
