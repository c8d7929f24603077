namespace HedvigStorage.PluginHost.Attachers;

/// <summary>What is told of a mount while it is made. It may be read at any time, by any thread.</summary>
internal sealed class MountReport
{
    // Replaced, never changed, so that readers need no lock. One thread writes.
    private volatile IReadOnlyList<string> _steps = [];
    private volatile IReadOnlyList<string> _warnings = [];

    /// <summary>Gets the steps so far.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>Gets the problems that do not keep the volume from being used.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Notes that a step begins.</summary>
    /// <param name="step">Its name.</param>
    public void Begin(string step) => _steps = [.. _steps, step];

    /// <summary>Notes a problem that does not keep the volume from being used.</summary>
    /// <param name="problem">The problem, a sentence.</param>
    public void Warn(string problem) => _warnings = [.. _warnings, problem];
}
