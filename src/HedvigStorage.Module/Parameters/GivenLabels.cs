using System.Collections;

namespace HedvigStorage.Parameters;

/// <summary>The labels that <c>-Label</c> gives, as a table of names and values.</summary>
internal static class GivenLabels
{
    private const string Own = "io.hedvigstorage.";

    /// <summary>Reads labels that an object is to be made with.</summary>
    /// <param name="table">The names and values; <see langword="null"/> for no labels.</param>
    /// <param name="capabilities">What the cluster can do.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: one is wrong; with
    /// <see cref="ErrorCode.Unsupported"/>: the cluster has no labels.</exception>
    public static IReadOnlyDictionary<string, string> Read(IDictionary? table, ClusterCapabilities capabilities) =>
        ReadChanges(table, capabilities).Where(label => label.Value is not null)
            .ToDictionary(label => label.Key, label => label.Value!, StringComparer.Ordinal);

    /// <summary>Reads labels that are to change: one without a value is taken away.</summary>
    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<string, string?> ReadChanges(IDictionary? table, ClusterCapabilities capabilities)
    {
        if (table is null or { Count: 0 })
        {
            return new Dictionary<string, string?>(StringComparer.Ordinal);
        }

        if (!capabilities.Labels)
        {
            throw new ClusterException(ErrorCode.Unsupported, "The cluster has no labels. Leave -Label out.");
        }

        var labels = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table)
        {
            var name = $"{entry.Key}";
            var value = entry.Value is null ? null : $"{entry.Value}";
            var wrong = name.StartsWith(Own, StringComparison.Ordinal)
                ? $"The label '{ObjectName.Printable(name)}' is this product's own: documents and plugin hosts set it."
                : ObjectLabels.WhatIsWrong(name, value);
            labels[name] = wrong is null ? value : throw new ClusterException(ErrorCode.InvalidArgument, wrong);
        }

        return labels.Count <= ObjectLabels.MaximumCount
            ? labels
            : throw new ClusterException(
                ErrorCode.InvalidArgument, $"There are {labels.Count} labels; an object has at most {ObjectLabels.MaximumCount}.");
    }
}
