using System.Collections.Concurrent;
using HedvigStorage.PluginHost.Attachers;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>What is being done to each volume, and what went wrong last: a mount that takes long must be able to say why.</summary>
internal sealed class VolumeProgress
{
    private readonly ConcurrentDictionary<string, MountReport> _reports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _errors = new(StringComparer.Ordinal);

    /// <summary>Gets the step that a volume is in, or <see langword="null"/>.</summary>
    public string? StepOf(string volume) => _reports.GetValueOrDefault(volume)?.Steps is [.., var step] ? step : null;

    /// <summary>Gets what went wrong last, or <see langword="null"/>.</summary>
    public string? LastErrorOf(string volume) =>
        _reports.GetValueOrDefault(volume)?.Warnings is [.., var warning] ? warning : _errors.GetValueOrDefault(volume);

    /// <summary>Notes the step that a volume is in.</summary>
    public void Step(string volume, string step)
    {
        var report = new MountReport();
        report.Begin(step);
        Follow(volume, report);
    }

    /// <summary>Takes the step that a volume is in, and what goes wrong, from the report of its mount.</summary>
    public void Follow(string volume, MountReport report) => _reports[volume] = report;

    /// <summary>Notes what went wrong.</summary>
    public void Failed(string volume, string error) => _errors[volume] = error;

    /// <summary>Notes that nothing is being done to a volume any longer.</summary>
    public void End(string volume) => _reports.TryRemove(volume, out _);

    /// <summary>Notes that all is well, or that the volume is gone.</summary>
    public void Forget(string volume)
    {
        End(volume);
        _ = _errors.TryRemove(volume, out _);
    }
}
