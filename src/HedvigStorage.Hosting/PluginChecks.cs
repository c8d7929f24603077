using System.Text.Json;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Client.Docker;

namespace HedvigStorage.Hosting;

/// <summary>
/// Checks a plugin host from its installation to an answer of its cluster. What cannot be looked at from here, on another machine, is left
/// out.
/// </summary>
internal static class PluginChecks
{
    // The engine waits without a limit for this answer, and everybody who lists volumes waits with it.
    private static readonly TimeSpan ActivateLimit = TimeSpan.FromSeconds(1);

    // The plugin host itself waits less than this for the cluster.
    private static readonly TimeSpan ClusterLimit = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<DockerPluginCheck>> RunAsync(
        DockerPluginStatus status, string? engineAddress, CancellationToken cancellationToken)
    {
        var checks = new List<DockerPluginCheck>
        {
            status.Mode is { } mode
                ? Passed("installed", $"It is installed in the mode {mode}.")
                : new DockerPluginCheck(
                    "installed",
                    status.Running,
                    status.Running
                        ? "It was started by another program, which is asked to stop or update it."
                        : "It is not installed. Install it first."),
            status.Running
                ? Passed("running", $"The plugin host {status.Version} runs.")
                : Failed("running", "It does not run. Install it again: that starts it, and says why it cannot be started."),
        };
        if (status.Mode != DockerPluginMode.Managed)
        {
            checks.Add(
                PluginTools.WhyNot() is { } missing
                    ? Failed("tools", missing)
                    : Passed("tools", "The programs for file systems are installed."));
        }

        if (status.Running)
        {
            await CheckAnswersAsync(status, engineAddress, checks, cancellationToken).ConfigureAwait(false);
        }

        return checks;
    }

    private static async Task CheckAnswersAsync(
        DockerPluginStatus status, string? engineAddress, List<DockerPluginCheck> checks, CancellationToken cancellationToken)
    {
        if (status.Socket is { } socket)
        {
            checks.Add(CheckState(status.StateDirectory));
            checks.Add(await CheckSocketAsync(socket, cancellationToken).ConfigureAwait(false));
            checks.Add(await CheckClusterAsync(socket, status.Cluster, cancellationToken).ConfigureAwait(false));
        }

        checks.Add(await CheckEngineAsync(status.Name, engineAddress, cancellationToken).ConfigureAwait(false));
    }

    private static DockerPluginCheck CheckState(string? directory)
    {
        try
        {
            var file = Path.Combine(directory ?? string.Empty, $"test-{Guid.NewGuid():N}");
#pragma warning disable RS0030 // It is to find out whether it can be written, and goes again.
            File.WriteAllText(file, string.Empty);
#pragma warning restore RS0030
            File.Delete(file);
            return Passed("state", $"Its state in '{directory}' can be written.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed(
                "state",
                $"Its state in '{directory}' cannot be written, so nothing can be mounted: {exception.Message} Make room or give root the "
                    + "right to write there.");
        }
    }

    private static async Task<DockerPluginCheck> CheckSocketAsync(string socket, CancellationToken cancellationToken) =>
        await PluginStatusQuery.CallAsync(socket, "Plugin.Activate", string.Empty, ActivateLimit, cancellationToken)
            .ConfigureAwait(false) is { } answer && answer.ContainsIgnoreCase("VolumeDriver")
            ? Passed("socket", $"It answers at {socket}.")
            : Failed(
                "socket",
                $"Nothing answers at {socket} within {ActivateLimit.TotalSeconds} second, and the Docker Engine waits for it whenever "
                    + "volumes are listed. Stop the plugin host and install it again.");

    // A volume that surely does not exist: only the cluster can say so, for the plugin host never says it by itself.
    private static async Task<DockerPluginCheck> CheckClusterAsync(string socket, string? cluster, CancellationToken cancellationToken)
    {
        var answer = await PluginStatusQuery.CallAsync(
            socket, "VolumeDriver.Get", $$"""{"Name":"{{NewName()}}"}""", ClusterLimit, cancellationToken).ConfigureAwait(false);
        var error = answer is null ? "no answer" : ErrorOf(answer);
        return error.ContainsIgnoreCase("no such volume")
            ? Passed("cluster", $"The cluster {cluster} answers.")
            : Failed(
                "cluster",
                $"The cluster {cluster} does not answer the plugin host: {error.TrimEnd('.')}. Check that it runs, "
                    + "that this machine reaches it, and that the credential is right.");
    }

    // A create that asks for help is answered by the driver with its options, and nothing is made.
    private static async Task<DockerPluginCheck> CheckEngineAsync(string driver, string? engineAddress, CancellationToken cancellationToken)
    {
        var help = new Dictionary<string, string>(StringComparer.Ordinal) { ["help"] = string.Empty };
        try
        {
            using var engine = new DockerEngineClient(engineAddress);
            _ = await engine.CreateVolumeAsync(
                NewName(), driver, help, new Dictionary<string, string>(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
            return Failed("engine", $"The Docker Engine has another volume driver with the name '{driver}'. Choose another name.");
        }
        catch (ClusterException exception) when (exception.Message.ContainsIgnoreCase("No volume was made"))
        {
            return Passed("engine", $"The Docker Engine reaches the driver '{driver}'.");
        }
        catch (ClusterException exception)
        {
            return Failed(
                "engine",
                $"The Docker Engine does not reach the driver '{driver}': {exception.Message} Check that the engine runs. "
                    + "One that knew a driver of this name as a process asks that one until the engine is restarted.");
        }
    }

    private static string ErrorOf(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.TryGetProperty("Err", out var error) ? error.GetString() ?? string.Empty : answer;
        }
        catch (JsonException)
        {
            return answer;
        }
    }

    private static string NewName() => $"hedvigstorage-test-{Guid.NewGuid():N}";

    private static DockerPluginCheck Passed(string check, string message) => new(check, true, message);

    private static DockerPluginCheck Failed(string check, string message) => new(check, false, message);
}
