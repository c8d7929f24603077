using Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>Takes the lines of a report that nobody reads: what has become of the work is asked for after it.</summary>
internal sealed class SilentReport : IProgress<JSONMessage>
{
    public static SilentReport Instance { get; } = new();

    public void Report(JSONMessage value)
    {
    }
}
