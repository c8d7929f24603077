using HedvigStorage.ClusterHost.Rest;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class RequestParserTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", "b")]
    [InlineData("{'a': 'b'}", "b")]
    [InlineData("{a:'b'}", "b")]
    [InlineData("{a:BLOCK}", "BLOCK")]
    [InlineData("{ a : BLOCK , c : 1 }", "BLOCK")]
    [InlineData("{a:'b'}}", "b")]
    [InlineData("{a:'b'} } \n", "b")]
    [InlineData("""{'a': "it's"}""", "it's")]
    [InlineData("""{'a': 'it\'s "q"'}""", "it's \"q\"")]
    [InlineData("""{'a': 'x\ny\tz\\'}""", "x\ny\tz\\")]
    [InlineData("""{'a': '\xc3\xa9t\xc3\xa9'}""", "été")]
    [InlineData("""{'a': '\xa0\x1f'}""", "\u00a0\u001f")]
    [InlineData("""{'a': '\xc3\n'}""", "\u00c3\n")]
    [InlineData("""{'a': '\u200b\U0001f600'}""", "\u200b😀")]
    [InlineData("""{"a": "\ud83d\ude00\/"}""", "😀/")]
    [InlineData("{'a': 'é日本😀'}", "é日本😀")]
    [InlineData("{'a': ''}", "")]
    public void Strings_and_words_of_every_client_are_read(string text, string expected)
    {
        var value = RequestParser.Parse(text).Members["a"];
        Assert.Equal(RequestValueKind.Text, value.Kind);
        Assert.Equal(expected, value.Text);
    }

    [Theory]
    [InlineData("{a:True}", "true")]
    [InlineData("{a:true}", "true")]
    [InlineData("{a:FALSE}", "false")]
    public void Booleans_are_read_in_any_letter_case(string text, string expected)
    {
        var value = RequestParser.Parse(text).Members["a"];
        Assert.Equal(RequestValueKind.Boolean, value.Kind);
        Assert.Equal(expected, value.Text);
    }

    [Theory]
    [InlineData("{a:None}")]
    [InlineData("{\"a\":null}")]
    public void Null_is_read(string text) => Assert.Equal(RequestValueKind.Null, RequestParser.Parse(text).Members["a"].Kind);

    [Theory]
    [InlineData("{a:2.0}", "2.0")]
    [InlineData("{a:-1}", "-1")]
    [InlineData("{a:4096}", "4096")]
    [InlineData("{a:1e+16}", "1e+16")]
    [InlineData("{a:-0.0}", "-0.0")]
    [InlineData("{a:1e400}", "1e400")]
    [InlineData("{a:5E-324}", "5E-324")]
    [InlineData(
        "{a:123456789012345678901234567890123456789012345678901234567890}", "123456789012345678901234567890123456789012345678901234567890")]
    public void Numbers_keep_their_spelling(string text, string expected)
    {
        var value = RequestParser.Parse(text).Members["a"];
        Assert.Equal(RequestValueKind.Number, value.Kind);
        Assert.Equal(expected, value.Text);
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("-inf")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.2.3")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("e5")]
    [InlineData("\u0661")]
    public void What_is_not_a_number_is_a_word(string word)
    {
        var value = RequestParser.Parse($"{{a:{word}}}").Members["a"];
        Assert.Equal(RequestValueKind.Text, value.Kind);
        Assert.Equal(word, value.Text);
    }

    [Theory]
    [InlineData("{a:'x\0y'}")]
    [InlineData("{a:'x\\x00y'}")]
    [InlineData("{\"a\":\"x\\u0000y\"}")]
    public void A_nul_is_a_character_like_others(string text) => Assert.Equal("x\0y", RequestParser.Parse(text).Members["a"].Text);

    [Fact]
    public void Objects_and_lists_nest()
    {
        var value = RequestParser.Parse(
            "{type:AddVirtualDisk, category:VirtualDiskManagement, params:{name:'x', size:{unit:'GB', value:2}, l: ['a', 'b']}, sessionId: "
                + "'z'}");
        Assert.Equal("GB", value.Members["params"].Members["size"].Members["unit"].Text);
        Assert.Equal(["a", "b"], value.Members["params"].Members["l"].Items.Select(item => item.Text));
        Assert.Equal("z", value.Members["sessionId"].Text);
    }

    [Theory]
    [InlineData("", "at its end")]
    [InlineData("[1]", "at character 1")]
    [InlineData("{", "at its end")]
    [InlineData("{a", "at its end")]
    [InlineData("{a:'b", "at character 4")]
    [InlineData("{a:'it's'}", "at character 8")]
    [InlineData("{a:1} x", "at character 7")]
    [InlineData("{a:'\\q'}", "at character")]
    [InlineData("{a:'\\u12'}", "4 hexadecimal digits")]
    [InlineData("{a:'\\ud800'}", "surrogate")]
    [InlineData("{a:[1 , 2}", "at character 10")]
    [InlineData("{:1}", "at character 2")]
    [InlineData("{a:1, b:2, 'a':1}", "at character 12")]
    [InlineData("{a:{b:1, b:1}}", "at character 10")]
    [InlineData("{a:u'x'}", "at character 5")]
    [InlineData("{a:b'x'}", "at character 5")]
    [InlineData("{a:'\\U00110000'}", "beyond U+10FFFF")]
    [InlineData("{a:'\\", "at its end")]
    [InlineData("{a:'\\x4", "2 hexadecimal digits")]
    [InlineData("{a:1}\0", "at character 6")]
    [InlineData("{a:\0}", "at character 4")]
    public void What_cannot_be_read_is_refused_and_the_error_says_where(string text, string where)
    {
        var error = Assert.Throws<ClusterException>(() => RequestParser.Parse(text));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(where, error.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Too_deep_too_long_and_too_full_requests_are_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{a:", 65)) + "1" + new string('}', 65);
        Assert.Contains("64", Assert.Throws<ClusterException>(() => RequestParser.Parse(deep)).Message, System.StringComparison.Ordinal);
        var fits = string.Concat(Enumerable.Repeat("{a:", 64)) + "1" + new string('}', 64);
        Assert.NotNull(RequestParser.Parse(fits));
        var tooLong = "{a:'" + new string('x', RequestParser.MaximumLength) + "'}";
        Assert.Contains(
            "at most", Assert.Throws<ClusterException>(() => RequestParser.Parse(tooLong)).Message, System.StringComparison.Ordinal);
        var most = RequestParser.MaximumValues - 2;
        Assert.Equal(most, RequestParser.Parse($"{{a:[{string.Join(',', Enumerable.Repeat('1', most))}]}}").Members["a"].Items.Count);
        var tooMany = $"{{a:[{string.Join(',', Enumerable.Repeat('1', most + 1))}]}}";
        Assert.Contains(
            "100000", Assert.Throws<ClusterException>(() => RequestParser.Parse(tooMany)).Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{password:'secret")]
    [InlineData("{password:'it's secret'}")]
    [InlineData("{password:'it','secret', cluster:''}")]
    [InlineData("{password:'it', secret', cluster:''}")]
    [InlineData("{password:'it', secret:1, secret:2}")]
    [InlineData("{password:'\\secret'}")]
    [InlineData("{password:'secret\\ud800'}")]
    [InlineData("secret")]
    public void An_error_never_shows_the_content(string text)
    {
        var error = Assert.Throws<ClusterException>(() => RequestParser.Parse(text));
        Assert.DoesNotContain("secret", error.Message, System.StringComparison.Ordinal);
    }
}
