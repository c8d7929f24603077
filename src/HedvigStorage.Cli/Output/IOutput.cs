using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>Where a command says what it found and did: to a person at a terminal, in plain lines, or in JSON.</summary>
internal interface IOutput
{
    /// <summary>Says a line for people.</summary>
    void Say(string line);

    /// <summary>Shows a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="given">What it is carried out with, or <see langword="null"/> if it is only shown.</param>
    void Show(Plan plan, ApplyOptions? given = null);

    /// <summary>Carries out a plan while showing how far it is, then how it ended.</summary>
    Task<ApplyReport> ApplyAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken);

    /// <summary>Shows the state of an embedded cluster.</summary>
    void Show(ClusterDocument cluster);

    /// <summary>Shows what a check of a cluster found.</summary>
    void Show(ClusterCheckDocument check);

    /// <summary>Shows what a backup of a cluster has written.</summary>
    void Show(ClusterBackupDocument backup);

    /// <summary>Shows the state of a plugin host.</summary>
    void Show(PluginDocument plugin);

    /// <summary>Shows what a test of a plugin host found.</summary>
    void Show(PluginTestDocument test);

    /// <summary>Shows volumes.</summary>
    void Show(IReadOnlyCollection<VolumeDocument> volumes);

    /// <summary>Shows snapshots.</summary>
    void Show(IReadOnlyCollection<SnapshotDocument> snapshots);

    /// <summary>Says what was wrong.</summary>
    void Fail(ErrorCode code, string message);
}
