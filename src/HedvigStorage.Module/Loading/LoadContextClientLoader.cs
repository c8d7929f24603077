using System.Reflection;

namespace HedvigStorage.Loading;

/// <summary>
/// PowerShell 7: an AssemblyLoadContext of its own. It is reached by reflection, because netstandard2.0 does not know the type.
/// </summary>
internal sealed class LoadContextClientLoader : IClientLoader
{
    private readonly string _directory;
    private readonly object _context;
    private readonly MethodInfo _loadFromAssemblyPath;

    public LoadContextClientLoader(string directory)
    {
        _directory = directory;
        var type = Type.GetType("System.Runtime.Loader.AssemblyLoadContext, System.Runtime.Loader", throwOnError: true)!;
        _context = Activator.CreateInstance(type, "HedvigStorage", false)!;
        _loadFromAssemblyPath = type.GetMethod("LoadFromAssemblyPath", [typeof(string)])!;
        var resolving = type.GetEvent("Resolving")!;
        var handler = GetType().GetMethod(nameof(Resolve), BindingFlags.Instance | BindingFlags.NonPublic)!;
        resolving.AddEventHandler(_context, Delegate.CreateDelegate(resolving.EventHandlerType!, this, handler));
    }

    public Assembly Load()
    {
        // A context asks the default one before its Resolving event, where another module may have put any version of a
        // third-party assembly. What is loaded here first is found first. The System.* assemblies stay with the runtime,
        // which has them precompiled, unless its version is too old: then Resolving is asked.
        foreach (var file in Directory.GetFiles(_directory, "*.dll"))
        {
            if (!Path.GetFileName(file).StartsWith("System.", StringComparison.OrdinalIgnoreCase))
            {
                LoadFile(file);
            }
        }

        return LoadFile(Path.Combine(_directory, LoadedClient.ClientAssembly + ".dll"));
    }

    // The context lives as long as the process, and its handler with it: nothing outside refers to either.
    public void Dispose()
    {
    }

    private Assembly LoadFile(string path) => (Assembly)_loadFromAssemblyPath.Invoke(_context, [path])!;

    // Bound to Func<AssemblyLoadContext, AssemblyName, Assembly>.
    private Assembly? Resolve(object context, AssemblyName name)
    {
        var core = typeof(ByteSize).Assembly;
        if (string.Equals(name.Name, core.GetName().Name, StringComparison.OrdinalIgnoreCase))
        {
            return core;
        }

        var path = Path.Combine(_directory, name.Name + ".dll");
        return File.Exists(path) ? LoadFile(path) : null;
    }
}
