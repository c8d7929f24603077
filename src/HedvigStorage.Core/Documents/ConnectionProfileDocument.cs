namespace HedvigStorage.Documents;

/// <summary>The document that connection profiles are kept in: <c>{ "profiles": [ { "name", "nodes", … } ] }</c>.</summary>
public static class ConnectionProfileDocument
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly string[] RootMembers = ["profiles"];

    private static readonly DocumentTable<ConnectionProfile> Profile = new(
        new ConnectionProfile { Name = string.Empty, Nodes = [] },
        DocumentMembers.OfName<ConnectionProfile>(
            "name", "profile", profile => profile.Name, (profile, name) => profile with { Name = name }),
        new DocumentMember<ConnectionProfile>(
            "nodes",
            DocumentSchema.List(DocumentSchema.Text()),
            ReadNodes,
            (profile, value) => profile with { Nodes = (IReadOnlyList<Uri>)value },
            profile => profile.Nodes.Select(node => node.OriginalString).ToArray())
        { IsRequired = true },
        Text("userName", profile => profile.UserName, (profile, text) => profile with { UserName = text }),
        Text("credentialFile", profile => profile.CredentialFile, (profile, text) => profile with { CredentialFile = text }),
        Text("secretName", profile => profile.SecretName, (profile, text) => profile with { SecretName = text }),
        Text("vaultName", profile => profile.VaultName, (profile, text) => profile with { VaultName = text }),
        new DocumentMember<ConnectionProfile>(
            "requestTimeout",
            DocumentSchema.Reference("duration"),
            node => node.ReadDuration(ShortestTimeout),
            (profile, value) => profile with { RequestTimeout = (TimeSpan)value },
            profile => DockerValues.WriteTime(profile.RequestTimeout)),
        new DocumentMember<ConnectionProfile>(
            "skipCertificateCheck",
            FlagForm.Instance.Schema,
            node => node.ReadFlag(),
            (profile, value) => profile with { SkipCertificateCheck = (bool)value },
            profile => profile.SkipCertificateCheck ? true : null));

    /// <summary>Reads profiles.</summary>
    /// <param name="document">Dictionaries, lists and plain values.</param>
    /// <param name="source">The document's name, for messages.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it does not hold profiles; the message says all
    /// that is wrong.</exception>
    public static IReadOnlyList<ConnectionProfile> Read(object? document, string source)
    {
        var errors = new List<string>();
        var profiles = new DocumentNode(document, "$", errors).ReadMembers(RootMembers, RootMembers)
            .SelectMany(member => member.Value.ReadList(Profile.Read)).ToArray();
        errors.AddRange(
            profiles.GroupBy(profile => profile.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Skip(1).Any())
                .Select(group => $"The profile '{group.Key}' is given twice."));
        return errors.Count == 0 ? profiles : throw new ConfigurationException(source, errors);
    }

    /// <summary>Makes the document: dictionaries, lists and plain values.</summary>
    /// <param name="profiles">The profiles.</param>
    public static IReadOnlyDictionary<string, object> Write(IEnumerable<ConnectionProfile> profiles)
    {
        var document = new DocumentBuilder();
        document.Add(
            "profiles", profiles.OrderBy(profile => profile.Name, StringComparer.OrdinalIgnoreCase).Select(Profile.Write).ToArray());
        return document.Build();
    }

    private static DocumentMember<ConnectionProfile> Text(
        string name, Func<ConnectionProfile, string?> get, Func<ConnectionProfile, string, ConnectionProfile> with) =>
        new(name, DocumentSchema.Text(), node => node.ReadText(), (profile, value) => with(profile, (string)value), get);

    private static List<Uri> ReadNodes(DocumentNode node)
    {
        var nodes = new List<Uri>();
        foreach (var text in node.ReadStrings() ?? [])
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                nodes.Add(uri);
            }
            else
            {
                node.Fail($"'{ObjectName.Printable(text)}' is not an address of a cluster. Give one such as http://127.0.0.1:7080.");
            }
        }

        if (nodes.Count == 0)
        {
            node.Fail("a profile needs the address of one node at least.");
        }

        return nodes;
    }
}
