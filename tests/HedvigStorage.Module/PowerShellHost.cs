using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace HedvigStorage.Module.Tests;

/// <summary>Runs the real pwsh.</summary>
internal static class PowerShellHost
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly Lazy<Task<string?>> Missing = new(FindMissingAsync);

    /// <summary>Tells what is missing to run a suite, or <see langword="null"/>.</summary>
    public static Task<string?> WhatIsMissingAsync() => Missing.Value;

    public static async Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("pwsh", ["-NoProfile", "-NonInteractive", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("pwsh was not started.");
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

    private static async Task<string?> FindMissingAsync()
    {
        try
        {
            var (exitCode, _) = await RunAsync("-Command", "if (-not (Get-Module -ListAvailable Pester | Where-Object { $_.Version.Major -ge 5 })) { exit 3 }");
            return exitCode == 0 ? null : "Pester 5 is not installed (Install-Module Pester): the suites of the PowerShell module are NOT run.";
        }
        catch (Win32Exception)
        {
            return "pwsh is not on PATH: the suites of the PowerShell module are NOT run.";
        }
    }
}
