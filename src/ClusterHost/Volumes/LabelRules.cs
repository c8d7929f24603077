namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>Checks labels, wherever they come from.</summary>
internal static class LabelRules
{
    /// <summary>Sets labels over those that are there; a value of <see langword="null"/> takes the label away.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: one is wrong, or there would be too
    /// many.</exception>
    public static IReadOnlyDictionary<string, string> Apply(
        IReadOnlyDictionary<string, string> present, IReadOnlyDictionary<string, string?>? changes)
    {
        if (changes is null || changes.Count == 0)
        {
            return present;
        }

        var labels = present.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            if (ObjectLabels.WhatIsWrong(name, value) is { } wrong)
            {
                throw new ClusterException(ErrorCode.InvalidArgument, wrong);
            }

            if (value is null)
            {
                _ = labels.Remove(name);
            }
            else
            {
                labels[name] = value;
            }
        }

        return labels.Count > ObjectLabels.MaximumCount
            ? throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"An object has at most {ObjectLabels.MaximumCount} labels, and this one would have {labels.Count}. Take some away.")
            : labels;
    }
}
