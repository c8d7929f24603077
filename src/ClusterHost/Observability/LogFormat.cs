namespace HedvigStorage.ClusterHost.Observability;

/// <summary>The form of log lines.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, event, request, message.</summary>
    Text,

    /// <summary>For programs: one object a line.</summary>
    Json,
}
