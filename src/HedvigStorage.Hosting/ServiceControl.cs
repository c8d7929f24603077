#if NET8_0_OR_GREATER
using System.ComponentModel;
using System.Diagnostics;

namespace HedvigStorage.Hosting;

/// <summary>Asks systemd, through its own program.</summary>
internal sealed class ServiceControl(ServicePaths paths)
{
    // A stop has 30 s and a start 60 s by the unit; the answer comes after that.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs <c>systemctl</c>.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends the wait, and <c>systemctl</c>.</param>
    /// <returns>What it wrote.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Internal"/>: it failed, and these are its words, or it took longer than
    /// two minutes.</exception>
    public async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (status, output, errors) = await RunAsync(paths.Systemctl, arguments, cancellationToken).ConfigureAwait(false);
        return status == 0
            ? output
            : throw new ClusterException(ErrorCode.Internal, $"'systemctl {string.Join(' ', arguments)}' failed: {OneLine(errors)}");
    }

    /// <summary>Restarts a service.</summary>
    /// <param name="service">Its unit.</param>
    /// <param name="cancellationToken">Ends the wait, not the start.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Internal"/>: it does not start; the message has the service's last
    /// words too.</exception>
    public async Task RestartAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            _ = await RunAsync(["restart", service], cancellationToken).ConfigureAwait(false);
        }
        catch (ClusterException exception)
        {
            var (_, said, _) = await RunAsync(
                paths.Journalctl,
                ["--unit", service, "--lines", "5", "--output", "cat", "--no-pager", "--quiet"],
                cancellationToken).ConfigureAwait(false);
            throw new ClusterException(exception.Code, $"{exception.Message} Its last words: {OneLine(said)}", exception);
        }
    }

    /// <summary>Tells how a service is, such as <c>active (running), enabled</c>.</summary>
    /// <param name="service">Its unit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<string> DescribeAsync(string service, CancellationToken cancellationToken)
    {
        string[] properties = ["ActiveState", "SubState", "UnitFileState"];
        var shown = await RunAsync(["show", service, "--property", string.Join(',', properties)], cancellationToken).ConfigureAwait(false);
        var values = shown.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return $"{values["ActiveState"]} ({values["SubState"]}), {values["UnitFileState"]}";
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(
        string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new ClusterException(
                ErrorCode.Internal, $"'{program} {string.Join(' ', arguments)}' has not ended within {Limit.TotalSeconds} seconds.");
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ClusterException(ErrorCode.Internal, $"'{start.FileName}' cannot be run: {exception.Message}", exception);
        }
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
#endif
