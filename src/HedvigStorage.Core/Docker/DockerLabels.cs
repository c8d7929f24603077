namespace HedvigStorage.Docker;

/// <summary>
/// The labels that this product puts on what it makes in a Docker Engine. No document sets them, and they are never compared.
/// </summary>
internal static class DockerLabels
{
    /// <summary>The label by which containers that this product made are known.</summary>
    public const string Managed = "io.hedvigstorage.managed";

    private const string Prefix = "io.hedvigstorage.";

    public static bool IsOwn(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Takes this product's own labels away.</summary>
    public static Dictionary<string, string> Others(IReadOnlyDictionary<string, string> labels) =>
        labels.Where(label => !IsOwn(label.Key)).ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    /// <summary>Joins the labels of a document with this product's own.</summary>
    public static Dictionary<string, string> Join(IReadOnlyDictionary<string, string>? labels, IReadOnlyDictionary<string, string> own)
    {
        var joined = own.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);
        joined[Managed] = "true";
        foreach (var label in labels ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            joined[label.Key] = label.Value;
        }

        return joined;
    }
}
