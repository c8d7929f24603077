namespace HedvigStorage.Linux.Logging;

/// <summary>The form of log lines.</summary>
internal enum LogFormat
{
    /// <summary>For people: time, level, event, request, message.</summary>
    Text,

    /// <summary>For programs: one object a line.</summary>
    Json,

    /// <summary>For systemd's journal: the priority that it reads (sd-daemon(3)), time, message.</summary>
    Journal,
}
