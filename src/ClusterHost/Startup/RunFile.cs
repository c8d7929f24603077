using System.Text.Json.Serialization;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>What <c>DIR/run.json</c> tells of the running host.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Address">Where processes of this machine reach it.</param>
/// <param name="Version">Its version.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="StopEvent">The event of Windows that asks it to end, and that is there as long as it is; elsewhere there is none.</param>
internal sealed record RunFile(
    int ProcessId,
    string Address,
    string Version,
    DateTimeOffset StartedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StopEvent);
