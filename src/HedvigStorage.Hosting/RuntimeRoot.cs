using System.Runtime.InteropServices;
using HedvigStorage.Client.Compatibility;

namespace HedvigStorage.Hosting;

/// <summary>
/// Finds the .NET installation, so that a framework-dependent host starts where .NET is in no place that it would look in by itself.
/// </summary>
internal static class RuntimeRoot
{
    public const string Variable = "DOTNET_ROOT";

    public static string? Find() =>
        new[] { OfThisProcess(), OfThePath() }.FirstOrDefault(
            root => root is not null && Directory.Exists(Path.Combine(root, "host", "fxr")));

    // The runtime's folder is ROOT/shared/Microsoft.NETCore.App/VERSION.
    private static string? OfThisProcess() =>
        Path.GetDirectoryName(Path.GetDirectoryName(
            Path.GetDirectoryName(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd(Path.DirectorySeparatorChar, '/'))));

    private static string? OfThePath()
    {
        var file = Platform.IsWindows ? "dotnet.exe" : "dotnet";
        var found = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return found is null ? null : Path.GetDirectoryName(Resolve(found));
    }

    private static string Resolve(string path) =>
#if NET8_0_OR_GREATER
        File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
#else
        path;
#endif
}
