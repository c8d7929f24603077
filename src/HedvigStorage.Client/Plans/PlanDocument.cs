using System.Reflection;
using System.Text.Json.Serialization;
using HedvigStorage.Planning;

namespace HedvigStorage.Client.Plans;

/// <summary>
/// A plan in the form that Terraform's <c>show -json</c> gave to such documents, so that the tools that read those read these. What is ours
/// lies under one name.
/// </summary>
internal sealed record PlanDocument
{
    /// <summary>The version of the form. Readers take any with the same first number.</summary>
    public const string CurrentFormat = "1.2";

    [JsonPropertyName("format_version")]
    public required string FormatVersion { get; init; }

    [JsonPropertyName("hedvigstorage_version")]
    public string? HedvigStorageVersion { get; init; }

    [JsonPropertyName("timestamp")]
    public string? Timestamp { get; init; }

    [JsonPropertyName("applyable")]
    public bool Applyable { get; init; }

    [JsonPropertyName("complete")]
    public bool Complete { get; init; }

    [JsonPropertyName("errored")]
    public bool Errored { get; init; }

    [JsonPropertyName("resource_drift")]
    public IReadOnlyList<ResourceChangeDocument> ResourceDrift { get; init; } = [];

    [JsonPropertyName("resource_changes")]
    public IReadOnlyList<ResourceChangeDocument> ResourceChanges { get; init; } = [];

    [JsonPropertyName("hedvigstorage")]
    public PlanExtensionDocument? Extension { get; init; }

    public static PlanDocument From(Plan plan, DateTimeOffset now) => new()
    {
        FormatVersion = CurrentFormat,
        HedvigStorageVersion = typeof(Plan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0],
        Timestamp = now.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        Applyable = plan.HasChanges,
        Complete = plan.Omissions.Count == 0,
        Errored = false,
        ResourceDrift = plan.Changes.Where(step => step.Cause == ChangeCause.Drift).Select(ResourceChangeDocument.DriftOf).ToArray(),
        ResourceChanges = plan.Steps.Select(ResourceChangeDocument.From).ToArray(),
        Extension = PlanExtensionDocument.From(plan),
    };

    /// <summary>The name of an object within plans, such as <c>volume.pgdata</c>.</summary>
    public static string Address(ResourceKind kind, string name) => $"{KindName(kind)}.{name}";

    public static string KindName(ResourceKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>What a plan says beyond what Terraform's form has a place for.</summary>
internal sealed record PlanExtensionDocument
{
    public required string Fingerprint { get; init; }

    public required string Source { get; init; }

    public string? Document { get; init; }

    public required PlanOptionsDocument Options { get; init; }

    public IReadOnlyList<ObjectDocument> Orphans { get; init; } = [];

    public IReadOnlyList<string> Omissions { get; init; } = [];

    public IReadOnlyList<StepDocument> Steps { get; init; } = [];

    public static PlanExtensionDocument From(Plan plan) => new()
    {
        Fingerprint = plan.Fingerprint,
        Source = plan.Source,
        Document = plan.Document,
        Options = new PlanOptionsDocument(plan.Options.Prune),
        Orphans =
            plan.Orphans.Select(orphan => new ObjectDocument(
                PlanDocument.Address(orphan.Kind, orphan.Name), PlanDocument.KindName(orphan.Kind), orphan.Name)).ToArray(),
        Omissions = plan.Omissions,
        Steps = plan.Steps.Select(StepDocument.From).ToArray(),
    };
}

/// <summary>What the plan covers besides the document.</summary>
internal sealed record PlanOptionsDocument(bool Prune);

/// <summary>An object without a step.</summary>
internal sealed record ObjectDocument(string Address, string Type, string Name);

/// <summary>What is ours of a step.</summary>
internal sealed record StepDocument
{
    public required string Address { get; init; }

    public required string Action { get; init; }

    public required string Reason { get; init; }

    public required string Cost { get; init; }

    public required string Cause { get; init; }

    public required string Needs { get; init; }

    public bool DestroysData { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<string> DependsOn { get; init; } = [];

    public static StepDocument From(PlanStep step) => new()
    {
        Address = PlanDocument.Address(step.Kind, step.Name),
        Action = Word(step.Action),
        Reason = step.Reason,
        Cost = step.Cost,
        Cause = Word(step.Cause),
        Needs = Word(step.Needs),
        DestroysData = step.DestroysData,
        Notes = step.Notes,
        DependsOn = step.DependsOn.Select(AddressOf).ToArray(),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    // A name may have slashes of its own, a kind has none.
    private static string AddressOf(string id)
    {
        var slash = id.IndexOf('/');
        return $"{id.Substring(0, slash)}.{id.Substring(slash + 1)}";
    }
}
