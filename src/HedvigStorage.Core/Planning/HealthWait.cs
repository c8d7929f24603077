using System.Diagnostics;
using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>Waits until a container that was started is healthy.</summary>
internal static class HealthWait
{
    private const string Healthy = "healthy";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static bool IsHealthy(Container? container) => string.Equals(container?.Health?.Status, Healthy, StringComparison.Ordinal);

    /// <summary>Waits.</summary>
    /// <exception cref="ClusterException">It ended, turned unhealthy, has no health check, or is not healthy when the time is over; the
    /// message has what its last check wrote.</exception>
    public static async Task RunAsync(
        IDockerEngine engine, ConfiguredContainer container, StepContext context, CancellationToken cancellationToken)
    {
        if (container.WaitHealthy is not { } limit)
        {
            return;
        }

        context.Report("waiting until it is healthy");
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var actual = await engine.FindContainerAsync(container.Name, cancellationToken).ConfigureAwait(false)
                ?? throw new ClusterException(ErrorCode.NotFound, $"The container '{container.Name}' is gone while it was waited for.");
            if (IsHealthy(actual))
            {
                return;
            }

            if (WhatIsWrong(container, actual) is { } wrong)
            {
                throw new ClusterException(ErrorCode.Internal, wrong);
            }

            if (watch.Elapsed >= limit)
            {
                throw new ClusterException(
                    ErrorCode.Internal,
                    $"The container '{container.Name}' is not healthy after {DurationText.Write(limit)}, "
                        + $"but {actual.Health?.Status ?? actual.State}.{LastOutput(actual)}");
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string? WhatIsWrong(ConfiguredContainer container, Container actual) => actual.State switch
    {
        "exited" or "dead" =>
            $"The container '{container.Name}' ended with status {actual.ExitCode} before it was "
                + $"healthy.{(actual.Error.Length > 0 ? " " + actual.Error : string.Empty)}",
        "running" when actual.Health is null =>
            $"The container '{container.Name}' has no health check, neither of the document nor of its image, so it cannot be waited for. "
                + "Give 'health' a 'test', or take 'waitHealthy' out.",
        _ =>
            string.Equals(actual.Health?.Status, "unhealthy", StringComparison.Ordinal)
                ? $"The container '{container.Name}' is unhealthy.{LastOutput(actual)}"
                : null,
    };

    private static string LastOutput(Container actual) =>
        actual.Health is { LastOutput: { Length: > 0 } output }
            ? $" Its last health check wrote: {output}"
            : " Its health check wrote nothing.";
}
