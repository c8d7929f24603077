using System.ComponentModel;
using System.Diagnostics;

namespace HedvigStorage.Hosting;

/// <summary>Has the cluster host's program check a data folder that no cluster host serves.</summary>
internal static class StoppedClusterCheck
{
    private const int Damaged = 2;

    public static async Task<IReadOnlyList<string>> RunAsync(
        string executable, IReadOnlyList<string> place, bool accept, CancellationToken cancellationToken)
    {
        string[] arguments = accept ? [.. place, "--check", "--accept"] : [.. place, "--check"];
        var start = new ProcessStartInfo(executable, ArgumentString.Join(arguments))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RuntimeRoot.Variable)) && RuntimeRoot.Find() is { } root)
        {
            start.Environment[RuntimeRoot.Variable] = root;
        }

        try
        {
            using var process = Process.Start(start)!;
            using var stop = cancellationToken.Register(() => Kill(process));
            var errors = Task.Run(process.StandardError.ReadToEnd, CancellationToken.None);
            var output = await Task.Run(process.StandardOutput.ReadToEnd, CancellationToken.None).ConfigureAwait(false);
            var error = await errors.ConfigureAwait(false);
            process.WaitForExit();
            cancellationToken.ThrowIfCancellationRequested();
            return process.ExitCode switch
            {
                0 => [],
                Damaged => output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).ToArray(),
                _ =>
                    throw new ClusterException(
                        ErrorCode.Internal,
                        error.Trim() is { Length: > 0 } text ? text : $"hv-cluster ended with {process.ExitCode} and said nothing."),
            };
        }
        catch (Win32Exception e)
        {
            throw new ClusterException(ErrorCode.Internal, $"{executable} cannot be started: {e.Message}", e);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
