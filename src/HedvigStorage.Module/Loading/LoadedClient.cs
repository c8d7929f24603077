using System.Reflection;
using System.Runtime.InteropServices;
using HedvigStorage.Services;

namespace HedvigStorage.Loading;

/// <summary>
/// The door to the client assembly. It is loaded when the first cmdlet needs it, so that importing the module stays quick.
/// </summary>
internal static class LoadedClient
{
    public const string ClientAssembly = "HedvigStorage.Hosting";

    private const string Implementation = "HedvigStorage.Hosting.ClientServices";

    private static readonly object Gate = new();
    private static IClientLoader? loader;
    private static IClientServices? instance;

    public static IClientServices Instance
    {
        get
        {
            lock (Gate)
            {
                loader ??= CreateLoader();
                return instance ??= (IClientServices)CreateInstance(loader.Load());
            }
        }
    }

    /// <summary>Takes the loader's handlers away; the next use puts them back.</summary>
    public static void Release()
    {
        lock (Gate)
        {
            // A load context cannot be unloaded while the session may hold its objects, so it is kept for the next import.
            if (loader is AppDomainClientLoader)
            {
                loader.Dispose();
                loader = null;
            }
        }
    }

    private static IClientLoader CreateLoader() =>
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal)
            ? new AppDomainClientLoader(ModulePaths.Dependencies("netstandard2.0"))
            : new LoadContextClientLoader(ModulePaths.Dependencies("net8.0"));

    private static object CreateInstance(Assembly assembly) =>
        Activator.CreateInstance(assembly.GetType(Implementation, throwOnError: true)!)!;
}
