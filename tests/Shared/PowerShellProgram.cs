using System.Diagnostics;
using System.Reflection;

namespace HedvigStorage.Tests.Shared;

/// <summary>The <c>pwsh</c> that the build makes of packages (<c>tests/PowerShell</c>): no other one is looked for.</summary>
internal static class PowerShellProgram
{
    private static readonly string Program = typeof(PowerShellProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "PowerShellProgram", StringComparison.Ordinal)).Value!;

    /// <summary>Describes a run of it without a profile and without questions, whose output is read.</summary>
    public static ProcessStartInfo Describe(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Program, ["-NoProfile", "-NonInteractive", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";

        // It runs on the .NET that runs the tests, wherever that is installed.
        start.Environment["DOTNET_ROOT"] = DotnetRoot;
        return start;
    }

    // The folder of the runtime is <root>/shared/Microsoft.NETCore.App/<version>/.
    private static string DotnetRoot =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
}
