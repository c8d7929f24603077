namespace HedvigStorage.Cli;

/// <summary>The statuses that scripts rely on.</summary>
internal static class ExitStatus
{
    /// <summary>Nothing to do, or all done.</summary>
    public const int Success = 0;

    /// <summary>Something failed.</summary>
    public const int Failure = 1;

    /// <summary><c>plan</c> and <c>test</c>: there are differences.</summary>
    public const int Differences = 2;

    /// <summary>Wrong usage (sysexits: EX_USAGE).</summary>
    public const int Usage = 64;
}
