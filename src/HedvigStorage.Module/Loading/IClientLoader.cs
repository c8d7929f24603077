using System.Reflection;

namespace HedvigStorage.Loading;

/// <summary>Loads the client assembly and what it needs, apart from what the session and other modules have loaded.</summary>
internal interface IClientLoader : IDisposable
{
    /// <summary>Loads the client assembly.</summary>
    Assembly Load();
}
