namespace HedvigStorage.Hosting;

/// <summary>A process that this one has started.</summary>
internal interface IStartedProcess : IDisposable
{
    int Id { get; }

    bool HasExited { get; }

    /// <summary>Gets the status with which it has ended.</summary>
    int ExitCode { get; }
}
