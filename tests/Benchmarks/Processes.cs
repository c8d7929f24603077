using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.Benchmarks;

/// <summary>Starts programs and reads what they take.</summary>
internal static class Processes
{
    public static Task<string> RunAsync(string program, string folder, params string[] arguments) =>
        RunAsync(Describe(program, arguments), folder);

    public static async Task<string> RunAsync(ProcessStartInfo start, string folder)
    {
        using var process = Start(start, folder);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode is 0 or 2
            ? output
            : throw new InvalidOperationException(
                $"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}: {output}");
    }

    public static Process Start(string program, string folder, params string[] arguments) => Start(Describe(program, arguments), folder);

    /// <summary>Waits until hv-cluster answers, and tells where.</summary>
    public static async Task<string> ClusterAddressAsync(Process process, string data)
    {
        var run = Path.Combine(data, "run.json");
        while (!File.Exists(run))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"hv-cluster ended with {process.ExitCode} before it answered.");
            }

            await Task.Delay(10);
        }

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(run));
        return document.RootElement.GetProperty("address").GetString()!;
    }

    /// <summary>Ends a program as an operator would, and waits for it.</summary>
    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", [process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync();
    }

    /// <summary>The resident set and its most, in MB of 2²⁰ bytes.</summary>
    public static double ResidentMegabytes(int processId, string member = "VmRSS") =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
        .Where(line => line.StartsWith(member + ":", StringComparison.Ordinal))
        .Select(
            line => double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();

    private static ProcessStartInfo Describe(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        return start;
    }

    public static Process Start(ProcessStartInfo start, string folder)
    {
        start.WorkingDirectory = folder;
        var process = Process.Start(start)!;

        // A pipe that nobody reads would stop the program sooner or later.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
