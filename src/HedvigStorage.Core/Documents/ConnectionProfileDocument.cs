namespace HedvigStorage.Documents;

/// <summary>The document that connection profiles are kept in: <c>{ "profiles": [ { "name", "nodes", … } ] }</c>.</summary>
public static class ConnectionProfileDocument
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);

    /// <summary>Reads profiles.</summary>
    /// <param name="document">Dictionaries, lists and plain values.</param>
    /// <param name="source">The document's name, for messages.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it does not hold profiles; the message says all that is wrong.</exception>
    public static IReadOnlyList<ConnectionProfile> Read(object? document, string source)
    {
        var errors = new List<string>();
        IReadOnlyList<ConnectionProfile> profiles = [];
        var members = ConfigurationReader.Members();
        members["profiles"] = node => profiles = node.ReadList(ReadProfile);
        new DocumentNode(document, "$", errors).ReadObject(members, ["profiles"]);
        errors.AddRange(profiles.GroupBy(profile => profile.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Skip(1).Any()).Select(group => $"The profile '{group.Key}' is there twice."));
        return errors.Count == 0 ? profiles : throw new ConfigurationException(source, errors);
    }

    /// <summary>Makes the document: dictionaries, lists and plain values.</summary>
    /// <param name="profiles">The profiles.</param>
    public static IReadOnlyDictionary<string, object> Write(IEnumerable<ConnectionProfile> profiles)
    {
        var document = new DocumentBuilder();
        document.Add("profiles", (object)profiles.OrderBy(profile => profile.Name, StringComparer.OrdinalIgnoreCase).Select(Write).ToArray());
        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Write(ConnectionProfile profile)
    {
        var document = new DocumentBuilder();
        document.Add("name", profile.Name);
        document.Add("nodes", profile.Nodes.Select(node => node.OriginalString).ToArray());
        document.Add("userName", profile.UserName);
        document.Add("credentialFile", profile.CredentialFile);
        document.Add("secretName", profile.SecretName);
        document.Add("vaultName", profile.VaultName);
        document.Add("requestTimeout", profile.RequestTimeout is { } timeout ? DurationText.Write(timeout) : null);
        document.Add("skipCertificateCheck", profile.SkipCertificateCheck ? true : null);
        return document.Build();
    }

    private static ConnectionProfile? ReadProfile(DocumentNode node)
    {
        string? name = null;
        var profile = new ConnectionProfile { Name = string.Empty, Nodes = [] };
        var members = ConfigurationReader.Members();
        members["name"] = member => name = member.ReadName("profile");
        members["nodes"] = member => profile = profile with { Nodes = ReadNodes(member) };
        members["userName"] = member => profile = profile with { UserName = member.ReadText() };
        members["credentialFile"] = member => profile = profile with { CredentialFile = member.ReadText() };
        members["secretName"] = member => profile = profile with { SecretName = member.ReadText() };
        members["vaultName"] = member => profile = profile with { VaultName = member.ReadText() };
        members["requestTimeout"] = member => profile = profile with { RequestTimeout = member.ReadDuration(ShortestTimeout) };
        members["skipCertificateCheck"] = member => profile = profile with { SkipCertificateCheck = member.ReadFlag() ?? false };
        node.ReadObject(members, ["name", "nodes"]);
        return name is null ? null : profile with { Name = name };
    }

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
