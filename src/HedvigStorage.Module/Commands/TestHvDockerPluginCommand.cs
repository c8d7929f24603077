using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>
/// Checks a plugin host, from its installation to an answer of the cluster, and says what to do about what is not as it should be.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "HvDockerPlugin")]
[OutputType(typeof(DockerPluginCheck))]
public sealed class TestHvDockerPluginCommand : DockerPluginCommand
{
    private protected override void Process(IDockerPluginInstaller installer, string name) =>
        WriteObject(Await(token => installer.TestAsync(name, token)), enumerateCollection: true);
}
