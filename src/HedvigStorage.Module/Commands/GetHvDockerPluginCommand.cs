using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Tells whether a plugin host runs, and how.</summary>
[Cmdlet(VerbsCommon.Get, "HvDockerPlugin")]
[OutputType(typeof(DockerPluginStatus))]
public sealed class GetHvDockerPluginCommand : DockerPluginCommand
{
    private protected override void Process(IDockerPluginInstaller installer, string name) =>
        WriteObject(Await(token => installer.GetStatusAsync(name, token)));
}
