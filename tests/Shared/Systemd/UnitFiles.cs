using System.Diagnostics;

namespace HedvigStorage.Tests.Shared;

/// <summary>Checks unit files as they lie beside a host, with that host in the place of the installed one.</summary>
internal static class UnitFiles
{
    /// <summary>Runs <c>systemd-analyze verify</c>.</summary>
    /// <param name="folder">An empty folder for copies.</param>
    /// <param name="host">The host's file name.</param>
    /// <param name="units">The units.</param>
    /// <returns>The exit status and what it said.</returns>
    public static async Task<(int Status, string Output)> VerifyAsync(string folder, string host, params string[] units)
    {
        foreach (var unit in units)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, unit));
            await File.WriteAllTextAsync(
                Path.Combine(folder, unit),
                text.Replace("/opt/hedvigstorage/" + host, Path.Combine(AppContext.BaseDirectory, host), StringComparison.Ordinal));
        }

        var start = new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", .. units.Select(unit => Path.Combine(folder, unit))])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + error);
    }

    /// <summary>Tells whether there is a program of that name on the path.</summary>
    public static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
            .Any(directory => File.Exists(Path.Combine(directory, program)));
}
