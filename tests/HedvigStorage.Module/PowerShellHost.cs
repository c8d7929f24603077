using System.Diagnostics;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Module.Tests;

/// <summary>Runs the real pwsh.</summary>
internal static class PowerShellHost
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(PowerShellProgram.Describe(arguments))
            ?? throw new InvalidOperationException("pwsh was not started.");
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"pwsh did not end within {Limit}."), e);
        }
    }
}
