using System.Text.Json.Serialization;
using HedvigStorage.Planning;

namespace HedvigStorage.Client.Plans;

/// <summary>An object of a plan, and what happens to it, as Terraform's form has it.</summary>
internal sealed record ResourceChangeDocument
{
    [JsonPropertyName("address")]
    public required string Address { get; init; }

    [JsonPropertyName("mode")]
    public string Mode { get; init; } = "managed";

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("provider_name")]
    public string ProviderName { get; init; } = "hedvigstorage";

    [JsonPropertyName("change")]
    public required ChangeDocument Change { get; init; }

    [JsonPropertyName("action_reason")]
    public string? ActionReason { get; init; }

    public static ResourceChangeDocument From(PlanStep step) => Of(step) with
    {
        Change = ChangeDocument.From(step),
        ActionReason = step switch
        {
            { Action: StepAction.Replace } => "replace_because_cannot_update",
            { Action: StepAction.Remove, Needs: Consent.Remove } => "delete_because_no_resource_config",
            _ => null,
        },
    };

    /// <summary>
    /// What has happened to an object since the document was applied last: from what was desired then to what is there now.
    /// </summary>
    public static ResourceChangeDocument DriftOf(PlanStep step) => Of(step) with
    {
        Change = new ChangeDocument
        {
            Actions = ["update"],
            Before = ChangeDocument.Values(step, change => change.After),
            After = ChangeDocument.Values(step, change => change.Before),
        },
    };

    private static ResourceChangeDocument Of(PlanStep step) => new()
    {
        Address = PlanDocument.Address(step.Kind, step.Name),
        Type = PlanDocument.KindName(step.Kind),
        Name = step.Name,
        Change = new ChangeDocument(),
    };
}

/// <summary>From what to what, as Terraform's form has it.</summary>
internal sealed record ChangeDocument
{
    [JsonPropertyName("actions")]
    public IReadOnlyList<string> Actions { get; init; } = [];

    // No object before or after is told as null, not left out.
    [JsonPropertyName("before")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyDictionary<string, string?>? Before { get; init; }

    [JsonPropertyName("after")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyDictionary<string, string?>? After { get; init; }

    // What is not known before is not planned, and a plan shows no secret: the three are always empty.
    [JsonPropertyName("after_unknown")]
    public IReadOnlyDictionary<string, bool> AfterUnknown { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    [JsonPropertyName("before_sensitive")]
    public IReadOnlyDictionary<string, bool> BeforeSensitive { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    [JsonPropertyName("after_sensitive")]
    public IReadOnlyDictionary<string, bool> AfterSensitive { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    [JsonPropertyName("replace_paths")]
    public IReadOnlyList<IReadOnlyList<string>>? ReplacePaths { get; init; }

    [JsonPropertyName("importing")]
    public ImportingDocument? Importing { get; init; }

    public static ChangeDocument From(PlanStep step) => new()
    {
        Actions = step.Action switch
        {
            StepAction.Create => ["create"],
            StepAction.Update or StepAction.Grow => ["update"],
            StepAction.Replace => ["delete", "create"],
            StepAction.Remove => ["delete"],
            StepAction.Forget => ["forget"],
            _ => ["no-op"],
        },
        Before = step.Action == StepAction.Create || IsMissing(step) ? null : Values(step, change => change.Before),
        After = step.Action is StepAction.Remove or StepAction.Forget || IsMissing(step) ? null : Values(step, change => change.After),
        ReplacePaths = step.Action == StepAction.Replace
            ? step.Changes.Select(change => (IReadOnlyList<string>)[change.Property]).ToArray()
            : null,
        Importing = step.Action == StepAction.Adopt ? new ImportingDocument(step.Name) : null,
    };

    public static IReadOnlyDictionary<string, string?> Values(PlanStep step, Func<PropertyChange, string?> value)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = step.Name };
        foreach (var change in step.Changes)
        {
            values[change.Property] = value(change);
        }

        return values;
    }

    // A step that has nothing to do for an object that is not there, as desired.
    private static bool IsMissing(PlanStep step) =>
        step.Action == StepAction.None && step.Reason.StartsWith("It is not there", StringComparison.Ordinal);
}

/// <summary>An object that becomes the document's own.</summary>
internal sealed record ImportingDocument([property: JsonPropertyName("id")] string Id);
