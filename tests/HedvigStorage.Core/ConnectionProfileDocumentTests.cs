using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

public sealed class ConnectionProfileDocumentTests
{
    [Fact]
    public void What_is_written_is_read_in_the_order_of_the_names()
    {
        ConnectionProfile[] profiles =
        [
            new() { Name = "b", Nodes = [new Uri("http://127.0.0.1:7080")], UserName = "ana" },
            new()
            {
                Name = "a",
                Nodes = [new Uri("https://node1:7443"), new Uri("https://node2:7443")],
                CredentialFile = "/etc/site/credential.json",
                SecretName = "site",
                VaultName = "vault",
                RequestTimeout = TimeSpan.FromSeconds(90),
                SkipCertificateCheck = true,
            },
        ];

        var read = ConnectionProfileDocument.Read(ConnectionProfileDocument.Write(profiles), "profiles.json");

        Assert.Equal(["a", "b"], read.Select(profile => profile.Name));
        Assert.Equal(profiles[1].Nodes, read[0].Nodes);
        Assert.Equal(profiles[1] with { Nodes = read[0].Nodes }, read[0]);
        Assert.Equal(profiles[0] with { Nodes = read[1].Nodes }, read[1]);
    }

    [Fact]
    public void No_profiles_are_a_document_too() =>
        Assert.Empty(ConnectionProfileDocument.Read(ConnectionProfileDocument.Write([]), "profiles.json"));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var document = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["profiles"] = new object[]
            {
                Profile("a", "http://127.0.0.1:7080"),
                Profile("A", "http://127.0.0.1:7080"),
                Profile("c", "nonsense"),
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = "d", ["password"] = "secret-4711" },
            },
        };

        var error = Assert.Throws<ConfigurationException>(() => ConnectionProfileDocument.Read(document, "profiles.json"));

        Assert.StartsWith("profiles.json: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'a' is given twice", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nonsense' is not an address", error.Message, StringComparison.Ordinal);
        Assert.Contains("'password'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'nodes' is missing", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Profile(string name, string node) =>
        new(StringComparer.Ordinal) { ["name"] = name, ["nodes"] = new object[] { node } };
}
