using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Commands;

/// <summary>
/// Converges what is there to a configuration, and returns how each step ended. <c>-WhatIf</c> shows the same plan and changes nothing.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "HvConfiguration", SupportsShouldProcess = true)]
[OutputType(typeof(StepOutcome), typeof(Job))]
public sealed class InvokeHvConfigurationCommand : ConfigurationCommand
{
    private const int ProgressActivity = 1;

    /// <summary>Gets or sets whether objects of any kind may be removed and recreated. What is on a volume is lost by it.</summary>
    [Parameter]
    public SwitchParameter AllowReplace { get; set; }

    /// <summary>Gets or sets the kinds of objects that may be removed and recreated.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [WordTransformation(typeof(ResourceKind), "kind of object")]
    public ResourceKind[]? AllowReplaceKind { get; set; }

    /// <summary>Gets or sets whether objects may be removed that the document does not make absent, as by <c>-Prune</c>.</summary>
    [Parameter]
    public SwitchParameter AllowRemove { get; set; }

    /// <summary>
    /// Gets or sets the path of a plan that <c>Compare-HvConfiguration -Out</c> or <c>hv plan --out</c> has saved: exactly it is carried
    /// out, with its options. If it is stale, nothing is changed.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Plan { get; set; }

    /// <summary>Gets or sets whether to do it in a job of the session, and to return that.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        if (AsJob)
        {
            // A drive of the session is none of the job's.
            Path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
            CredentialFile = CredentialFile is null ? null : GetUnresolvedProviderPathFromPSPath(CredentialFile);
            Plan = Plan is null ? null : GetUnresolvedProviderPathFromPSPath(Plan);
        }

        if (!Defer(AsJob, Path ?? "the configuration"))
        {
            base.ProcessObjects();
        }
    }

    private protected override ISavedPlan? ReadPlan()
    {
        if (Plan is null)
        {
            return null;
        }

        if (Prune)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                "-Plan carries out a saved plan with its own options. Leave -Prune out, or make a new plan with it.");
        }

        var path = GetUnresolvedProviderPathFromPSPath(Plan);
        return Services.ReadPlan(DocumentFile.ReadText(path), path);
    }

    private protected override void Process(Plan plan)
    {
        var changes = plan.Changes.ToArray();
        if (!Consent(plan, changes))
        {
            return;
        }

        foreach (var note in changes.SelectMany(step => step.Notes.Select(note => $"{step.Id}: {note}")))
        {
            WriteWarning(note);
        }

        var report = Apply(plan, changes.Length);
        foreach (var outcome in report.Outcomes)
        {
            WriteObject(outcome);
            if (outcome.State == StepState.Failed)
            {
                var failure = new ClusterException(ErrorCode.Internal, $"{outcome.Step}: {outcome.Error}");
                WriteError(Describe(failure, Subjects.Step, outcome.Step));
            }
        }
    }

    // A preview tells every step; a question is asked once, because the steps depend on each other.
    private bool Consent(Plan plan, PlanStep[] changes)
    {
        if (changes.Length == 0)
        {
            WriteVerbose($"{plan.Source}: nothing to do.");
            return false;
        }

        if (!IsPreview)
        {
            return ShouldProcess(
                plan.Source, $"Apply {changes.Length} steps: {string.Join(", ", changes.Select(step => step.ToString()))}");
        }

        foreach (var step in changes)
        {
            var change = step.Changes.Count == 0
                ? step.Action.ToString()
                : $"{step.Action} ({string.Join(", ", step.Changes.Select(Describe))})";
            _ = ShouldProcess(step.Id, step.Needs switch
            {
                Planning.Consent.Replace => $"{change}, which needs -AllowReplaceKind {step.Kind}",
                Planning.Consent.Remove => $"{change}, which needs -AllowRemove",
                _ => change,
            });
        }

        return false;
    }

    private ApplyReport Apply(Plan plan, int count)
    {
        var ended = 0;
        try
        {
            return Await(token => Applier.ApplyAsync(
                plan,
                new ApplyOptions { AllowReplace = AllowReplace ? ApplyOptions.AnyKind : AllowReplaceKind ?? [], AllowRemove = AllowRemove },
                progress => Post(() =>
                {
                    ended += progress.State == StepState.Running ? 0 : 1;
                    WriteProgress(
                        new ProgressRecord(
                            ProgressActivity,
                            $"Applying {plan.Source}",
                            $"{progress.Step} {progress.Message}".TrimEnd()) { PercentComplete = ended * 100 / count });
                }),
                token));
        }
        finally
        {
            WriteProgress(
                new ProgressRecord(ProgressActivity, $"Applying {plan.Source}", "Done") { RecordType = ProgressRecordType.Completed });
        }
    }

    private static string Describe(PropertyChange change) => change.Before is null
        ? $"{change.Property}: {change.After}"
        : $"{change.Property}: {change.Before} → {change.After}";
}
