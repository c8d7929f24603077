using System.Reflection;

namespace HedvigStorage.ClusterHost.Common;

/// <summary>The version of this program.</summary>
internal static class HostVersion
{
    public static string Text { get; } = typeof(
        HostVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
