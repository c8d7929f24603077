using System.Diagnostics;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>Runs the system's tools.</summary>
internal static class Shell
{
    public static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    public static string Run(string program, params string[] arguments)
    {
        var (status, output, error) = Try(program, arguments);
        return status == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {status}: {error}{output}");
    }

    public static (int Status, string Output, string Error) Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
