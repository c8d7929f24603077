namespace HedvigStorage.Loading;

/// <summary>What the loader wants to know of the module, which itself needs PowerShell.</summary>
internal static class LoadedClient
{
    public const string ClientAssembly = "HedvigStorage.Hosting";
}
