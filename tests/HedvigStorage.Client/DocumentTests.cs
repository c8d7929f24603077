using HedvigStorage.Client.Documents;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

public sealed class DocumentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("site.json", "", "site.json, line 1, column 1: it is empty. A JSON object is expected, at least {}.")]
    [InlineData("site.json", " \n\t", "site.json, line 1, column 1: it is empty. A JSON object is expected, at least {}.")]
    [InlineData("compose.yml", "services:\n  db:\n", "compose.yml is YAML, and JSON is expected.")]
    [InlineData("site.yaml", "volumes: []", "site.yaml is YAML, and JSON is expected.")]
    public void A_file_that_is_empty_or_YAML_is_told_as_that(string source, string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ClusterException>(() => JsonTree.Read(text, source)).Message, StringComparison.Ordinal);

    [Fact]
    public void Json_is_read_into_plain_values_with_comments_and_trailing_commas()
    {
        var tree = Assert.IsType<Dictionary<string, object?>>(JsonTree.Read(
            """
            {
              // a comment
              "text": "ü", "whole": 9007199254740993, "fraction": 1.5, "flag": true, "nothing": null,
              "list": [1, {"a": "b"},],
            }
            """,
            "x.json"));

        Assert.Equal("ü", tree["text"]);
        Assert.Equal(9007199254740993L, tree["whole"]);
        Assert.Equal(1.5m, tree["fraction"]);
        Assert.Equal(true, tree["flag"]);
        Assert.Null(tree["nothing"]);
        var list = Assert.IsType<List<object?>>(tree["list"]);
        Assert.Equal(1L, list[0]);
        Assert.Equal("b", Assert.IsType<Dictionary<string, object?>>(list[1])["a"]);
    }

    [Theory]
    [InlineData("{\n  \"a\": 1,\n  \"a\": 2\n}", "x.json, line 3, column 3: the member 'a' is given twice. Keep one of the two.")]
    [InlineData("{\"v\":[{\"n\":1,\"n\":2}]}", "x.json, line 1, column 14: the member 'n' of v[0] is given twice. Keep one of the two.")]
    public void A_member_that_is_there_twice_is_refused_with_its_place(string text, string message)
    {
        var error = Assert.Throws<ClusterException>(() => JsonTree.Read(text, "x.json"));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("{\n  \"a\": nope\n}", "line 2, column 9")]
    [InlineData("", "line 1, column 1")]
    [InlineData("{} {}", "line 1, column 4")]
    [InlineData("{\"a\":1e400}", "line 1, column 6")]
    public void What_is_not_json_is_refused_with_its_place(string text, string place)
    {
        var error = Assert.Throws<ClusterException>(() => JsonTree.Read(text, "x.json"));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.StartsWith($"x.json, {place}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_file_is_read()
    {
        File.WriteAllText(_directory.File("c.json"), """{"userName":"HedvigAdmin","password":"s3cret"}""");

        var credential = CredentialFile.Read(_directory.File("c.json"));

        Assert.Equal("HedvigAdmin", credential.UserName);
        Assert.Equal("s3cret", credential.Password);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"userName":"a"}""")]
    [InlineData("""{"userName":"a","password":s3cret}""")]
    public void A_credential_file_that_is_missing_or_of_another_form_is_named_and_not_quoted(string? content)
    {
        var path = _directory.File("c.json");
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        var error = Assert.Throws<ClusterException>(() => CredentialFile.Read(path));

        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }
}
