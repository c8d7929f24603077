using System.Text.Json;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Client.Plans;

/// <summary>A plan in a file, which is carried out as it was saved or not at all.</summary>
internal sealed class SavedPlan : ISavedPlan
{
    private readonly string _path;
    private readonly PlanDocument _document;
    private readonly PlanExtensionDocument _extension;

    private SavedPlan(string path, PlanDocument document, PlanExtensionDocument extension)
    {
        _path = path;
        _document = document;
        _extension = extension;
    }

    /// <inheritdoc/>
    public PlanOptions Options => new() { Prune = _extension.Options.Prune };

    /// <summary>Writes a plan as the text of a file.</summary>
    public static string Write(Plan plan, DateTimeOffset now) =>
        JsonSerializer.Serialize(PlanDocument.From(plan, now), PlanJson.Readable.PlanDocument);

    /// <summary>Reads a saved plan.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="path">The path of the file, for errors.</param>
    /// <exception cref="ClusterException">It is not a plan of a form that is known.</exception>
    public static SavedPlan Read(string text, string path)
    {
        PlanDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(text, PlanJson.Readable.PlanDocument);
        }
        catch (JsonException e)
        {
            throw NoPlan(path, e);
        }

        if (document is null)
        {
            throw NoPlan(path, inner: null);
        }

        return document.FormatVersion.StartsWith("1.", StringComparison.Ordinal)
            ? new SavedPlan(path, document, document.Extension ?? throw NoPlan(path, inner: null))
            : throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The plan '{path}' has the format version '{ObjectName.Printable(document.FormatVersion)}'; this version reads 1.x. "
                    + "Create a new plan with it.");
    }

    /// <inheritdoc/>
    public Configuration Recognise(Configuration configuration)
    {
        // The same file may be named by another path today.
        if (!string.Equals(configuration.Source, _extension.Source, StringComparison.Ordinal)
            && !string.Equals(Path.GetFullPath(configuration.Source), Path.GetFullPath(_extension.Source), StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.Conflict,
                $"The plan '{_path}' is of the document '{_extension.Source}', not of '{configuration.Source}'. Nothing was changed.");
        }

        return string.Equals(configuration.Name, _extension.Document, StringComparison.Ordinal)
            ? configuration with { Source = _extension.Source }
            : throw new ClusterException(
                ErrorCode.Conflict,
                $"The plan '{_path}' is of a document {Named(_extension.Document)}, and '{configuration.Source}' is one "
                    + $"{Named(configuration.Name)} now. Nothing was changed. Create a new plan.");
    }

    /// <inheritdoc/>
    public void Check(Plan plan)
    {
        if (string.Equals(plan.Fingerprint, _extension.Fingerprint, StringComparison.Ordinal))
        {
            return;
        }

        var before = Steps(_document);
        var after = Steps(PlanDocument.From(plan, default));
        var parts = new[]
        {
            Tell("appeared", after.Keys.Where(address => !before.ContainsKey(address))),
            Tell("vanished", before.Keys.Where(address => !after.ContainsKey(address))),
            Tell(
                "changed",
                before.Keys.Where(
                    address => after.TryGetValue(address, out var now) && !string.Equals(now, before[address], StringComparison.Ordinal))),
        };
        var told = string.Join("; ", parts.Where(part => part.Length > 0));
        throw new ClusterException(
            ErrorCode.Conflict,
            $"The plan '{_path}' is stale: {(told.Length == 0 ? "objects of the same names are others now" : told)}. Nothing was changed. "
                + "Create a new plan.");
    }

    private static string Named(string? name) => name is null ? "without a name" : $"named '{ObjectName.Printable(name)}'";

    private static string Tell(string what, IEnumerable<string> addresses) =>
        string.Join(", ", addresses.Select(ObjectName.Printable)) is { Length: > 0 } names ? $"{what}: {names}" : string.Empty;

    // Each change with all that it finds and would do, as text that can be compared.
    private static Dictionary<string, string> Steps(PlanDocument document)
    {
        var order = (document.Extension?.Steps ?? [])
            .ToDictionary(step => step.Address, step => $"{step.Action} after {string.Join(",", step.DependsOn)}", StringComparer.Ordinal);
        return document.ResourceChanges
            .Where(change => change.Change.Importing is not null || !change.Change.Actions.Contains("no-op", StringComparer.Ordinal))
            .ToDictionary(
                change => change.Address,
                change =>
                    JsonSerializer.Serialize(change, PlanJson.Readable.ResourceChangeDocument)
                        + (order.TryGetValue(change.Address, out var place) ? place : string.Empty),
                StringComparer.Ordinal);
    }

    private static ClusterException NoPlan(string path, Exception? inner) =>
        new(
            ErrorCode.InvalidArgument,
            $"'{path}' is not a plan that 'hv plan FILE --out PLAN' or 'Compare-HvConfiguration FILE -Out PLAN' has "
                + $"saved.{(inner is null ? string.Empty : $" {inner.Message}")}",
            inner);
}
