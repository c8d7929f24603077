namespace HedvigStorage.PluginHost.Tests;

/// <summary>
/// Tests that make mount namespaces, which begin with copies of all mounts: for a moment those of other tests would be in use there.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NamespaceCollection
{
    public const string Name = "mount namespaces";
}
