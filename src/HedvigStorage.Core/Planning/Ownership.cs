using HedvigStorage.Documents;

namespace HedvigStorage.Planning;

/// <summary>
/// Which document an object belongs to: its labels say so, on the object itself, so that there is no file of states to lose. A second label
/// keeps a digest of what was desired when the object was made or changed, which tells drift from a document that has changed.
/// </summary>
internal sealed class Ownership
{
    /// <summary>What the names of all labels of this product begin with.</summary>
    public const string Prefix = "io.hedvigstorage.";

    /// <summary>The label with the name of the document that an object belongs to.</summary>
    public const string DocumentLabel = ObjectLabels.Document;

    /// <summary>The label with the digest of what was desired.</summary>
    public const string DesiredLabel = Prefix + "desired";

    // 96 bits: it tells changes from none, and keeps nobody out.
    private const int DigestLength = 24;

    private readonly string _source;

    public Ownership(Configuration configuration)
    {
        Document = configuration.Name;
        _source = configuration.Source;
    }

    /// <summary>Gets the document's name, or <see langword="null"/> if it owns nothing.</summary>
    public string? Document { get; }

    /// <summary>Makes the digest of what is desired of an object: of the properties that the document specifies, in any order.</summary>
    public static string Digest(IEnumerable<PropertyChange> desired)
    {
        var text = string.Join(
            "\n", desired.Select(change => $"{change.Property}={change.After}").OrderBy(line => line, StringComparer.Ordinal));
        return Sha256Text.Of(text).Substring(0, DigestLength);
    }

    /// <summary>Tells whether an object is this document's.</summary>
    public bool Owns(IReadOnlyDictionary<string, string> labels) =>
        Document is not null && string.Equals(ObjectLabels.OwnerOf(labels), Document, StringComparison.Ordinal);

    /// <summary>Makes the labels of an object that this document makes or changes; none if it has no name.</summary>
    public IReadOnlyDictionary<string, string> Labels(string digest) => Document is null
        ? ObjectLabels.None
        : new Dictionary<string, string>(StringComparer.Ordinal) { [DocumentLabel] = Document, [DesiredLabel] = digest };

    /// <summary>Tells why an object of this document differs.</summary>
    public ChangeCause CauseOf(IReadOnlyDictionary<string, string> labels, string digest) =>
        !Owns(labels) || !labels.TryGetValue(DesiredLabel, out var last) ? ChangeCause.Unknown
        : string.Equals(last, digest, StringComparison.Ordinal) ? ChangeCause.Drift
        : ChangeCause.Document;

    /// <summary>Refuses an object of another document. A document without a name may describe one as it is, but not change it.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Conflict"/>, naming both.</exception>
    public void Check(ResourceKind kind, string name, IReadOnlyDictionary<string, string> labels, bool changes)
    {
        if (ObjectLabels.OwnerOf(labels) is { } owner && !Owns(labels) && (Document is not null || changes))
        {
            var self = Document is null ? $"the document '{_source}', which has no name" : $"the document '{Document}' ('{_source}')";
            throw new ClusterException(
                ErrorCode.Conflict,
                $"{PlanStep.IdOf(kind, name)} belongs to the document '{owner}', and {self} describes it too. Describe it in one of them; "
                    + $"to hand it over, apply it in '{owner}' with \"ensure\": \"Forgotten\" first.");
        }
    }
}
