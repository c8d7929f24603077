using System.ComponentModel;
using System.Diagnostics;

namespace HedvigStorage.Hosting;

/// <summary>Has the cluster host's program work on a data folder that no cluster host serves.</summary>
/// <param name="executable">The program.</param>
/// <param name="place">The arguments that name the folder and its engine.</param>
internal sealed class StoppedCluster(string executable, IReadOnlyList<string> place)
{
    private const int Damaged = 2;

    /// <summary>Checks it.</summary>
    /// <returns>What is wrong, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(bool accept, CancellationToken cancellationToken)
    {
        var (status, output) = await RunAsync(accept ? ["--check", "--accept"] : ["--check"], cancellationToken).ConfigureAwait(false);
        return status == 0 ? [] : output.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0).ToArray();
    }

    /// <summary>Writes a copy of its catalog to a new file.</summary>
    public Task BackUpAsync(string file, CancellationToken cancellationToken) => RunAsync(["--backup", file], cancellationToken);

    private async Task<(int Status, string Output)> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(executable, ArgumentString.Join([.. place, .. arguments]))
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
            return process.ExitCode is 0 or Damaged
                ? (process.ExitCode, output)
                : throw new ClusterException(
                    ErrorCode.Internal,
                    error.Trim() is { Length: > 0 } text ? text : $"hv-cluster ended with {process.ExitCode} and said nothing.");
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
