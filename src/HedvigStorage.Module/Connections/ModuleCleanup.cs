using HedvigStorage.Loading;

namespace HedvigStorage.Connections;

/// <summary>Leaves nothing behind when the module is removed from a session.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        SessionConnections.Clear();
        LoadedClient.Release();
    }
}
