using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Output;

/// <summary>A plan in a file, which is carried out as it was saved or not at all.</summary>
internal sealed class SavedPlan
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

    public PlanOptions Options => new() { Prune = _extension.Options.Prune };

    public static void Write(string path, Plan plan, DateTimeOffset now) =>
        OutputFile.Write(path, JsonSerializer.Serialize(PlanDocument.From(plan, now), OutputJson.Readable.PlanDocument));

    /// <summary>Reads a saved plan.</summary>
    /// <exception cref="ClusterException">The file is not there, or is no plan of a form that is known.</exception>
    public static SavedPlan Read(string path)
    {
        PlanDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(StrictText.ReadFile(path), OutputJson.Readable.PlanDocument);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClusterException(ErrorCode.NotFound, $"There is no file '{path}'. Save a plan with 'hv plan FILE --out {path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be read: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw NoPlan(path, e);
        }

        if (document is null)
        {
            throw NoPlan(path, inner: null);
        }

        if (!document.FormatVersion.StartsWith("1.", StringComparison.Ordinal))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The plan '{path}' has the format version '{ObjectName.Printable(document.FormatVersion)}'; this hv reads 1.x. Plan anew with this hv.");
        }

        return new SavedPlan(path, document, document.Extension ?? throw NoPlan(path, inner: null));
    }

    /// <summary>Gives a configuration the name that the plan knows it by, if it is the one that was planned.</summary>
    /// <exception cref="ClusterException">It is another one.</exception>
    public Configuration Recognise(Configuration configuration)
    {
        // The same file may be named by another path today.
        if (!string.Equals(configuration.Source, _extension.Source, StringComparison.Ordinal)
            && !string.Equals(Path.GetFullPath(configuration.Source), Path.GetFullPath(_extension.Source), StringComparison.Ordinal))
        {
            throw new ClusterException(ErrorCode.Conflict, $"The plan '{_path}' is of the document '{_extension.Source}', not of '{configuration.Source}'. Nothing was changed.");
        }

        return string.Equals(configuration.Name, _extension.Document, StringComparison.Ordinal)
            ? configuration with { Source = _extension.Source }
            : throw new ClusterException(
                ErrorCode.Conflict,
                $"The plan '{_path}' is of a document {Named(_extension.Document)}, and '{configuration.Source}' is one {Named(configuration.Name)} now. Nothing was changed. Plan anew.");
    }

    /// <summary>Makes sure that a new plan does what the saved one says.</summary>
    /// <exception cref="ClusterException">It does something else: the saved plan is stale.</exception>
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
            Tell("changed", before.Keys.Where(address => after.TryGetValue(address, out var now) && !string.Equals(now, before[address], StringComparison.Ordinal))),
        };
        var told = string.Join("; ", parts.Where(part => part.Length > 0));
        throw new ClusterException(
            ErrorCode.Conflict,
            $"The plan '{_path}' is stale: {(told.Length == 0 ? "objects of the same names are others now" : told)}. Nothing was changed. Plan anew.");
    }

    private static string Named(string? name) => name is null ? "without a name" : $"named '{ObjectName.Printable(name)}'";

    private static string Tell(string what, IEnumerable<string> addresses) => string.Join(", ", addresses.Select(ObjectName.Printable)) is { Length: > 0 } names ? $"{what}: {names}" : string.Empty;

    // Each change with all that it finds and would do, as text that can be compared.
    private static Dictionary<string, string> Steps(PlanDocument document)
    {
        var order = (document.Extension?.Steps ?? []).ToDictionary(step => step.Address, step => $"{step.Action} after {string.Join(",", step.DependsOn)}", StringComparer.Ordinal);
        return document.ResourceChanges
            .Where(change => change.Change.Importing is not null || !change.Change.Actions.Contains("no-op", StringComparer.Ordinal))
            .ToDictionary(
                change => change.Address,
                change => JsonSerializer.Serialize(change, OutputJson.Readable.ResourceChangeDocument) + order.GetValueOrDefault(change.Address),
                StringComparer.Ordinal);
    }

    private static ClusterException NoPlan(string path, Exception? inner) =>
        new(ErrorCode.InvalidArgument, $"'{path}' is no plan that 'hv plan FILE --out {path}' has saved.{(inner is null ? string.Empty : $" {inner.Message}")}", inner);
}
