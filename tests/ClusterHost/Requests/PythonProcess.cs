using System.Diagnostics;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>Runs <c>reprs.py</c>.</summary>
internal static class PythonProcess
{
    private static readonly string? Program = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);

    public static void Need() => Skip.If(Program is null, "There is no python3.");

    public static async Task<string[]> RunAsync(IEnumerable<string> input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program!, [Path.Combine(AppContext.BaseDirectory, "Requests", "reprs.py"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        foreach (var line in input)
        {
            await process.StandardInput.WriteLineAsync(line);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
