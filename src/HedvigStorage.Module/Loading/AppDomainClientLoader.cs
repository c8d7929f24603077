using System.Reflection;

namespace HedvigStorage.Loading;

/// <summary>
/// Windows PowerShell 5.1: one application domain, no contexts. Assemblies are loaded by path, which keeps them out of the way
/// of binding by name, and what they ask for is answered to them alone.
/// </summary>
internal sealed class AppDomainClientLoader : IClientLoader
{
    private readonly string _directory;

    public AppDomainClientLoader(string directory)
    {
        _directory = directory;
        AppDomain.CurrentDomain.AssemblyResolve += Resolve;
    }

    public Assembly Load() => Assembly.LoadFile(Path.Combine(_directory, LoadedClient.ClientAssembly + ".dll"));

    public void Dispose() => AppDomain.CurrentDomain.AssemblyResolve -= Resolve;

    private Assembly? Resolve(object sender, ResolveEventArgs request)
    {
        if (!IsOurs(request.RequestingAssembly))
        {
            return null;
        }

        // By simple name: .NET Framework would want binding redirects for any other version.
        var name = new AssemblyName(request.Name).Name;
        var core = typeof(ByteSize).Assembly;
        if (string.Equals(name, core.GetName().Name, StringComparison.OrdinalIgnoreCase))
        {
            return core;
        }

        var path = Path.Combine(_directory, name + ".dll");
        return File.Exists(path) ? Assembly.LoadFile(path) : null;
    }

    private bool IsOurs(Assembly? assembly) => assembly is { IsDynamic: false }
        && string.Equals(Path.GetDirectoryName(assembly.Location), _directory, StringComparison.OrdinalIgnoreCase);
}
