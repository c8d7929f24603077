using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using HedvigStorage.ClusterHost.Rest;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>Whatever a client writes is read as what it meant, for random values and for what real Pythons write.</summary>
public sealed class RequestFormTests
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(40);

    [Fact]
    public void Pythons_repr_is_read_as_the_value() =>
        ForAll(SentValues.Requests, value => value.AssertReadAs(RequestParser.Parse(Writers.Python(value))));

    [Fact]
    public void Python_2s_bytes_are_read_as_the_text() =>
        ForAll(SentValues.Texts, text => Assert.Equal(text, RequestParser.Parse($"{{'a': {Writers.Python2(text)}}}").Members["a"].Text));

    [Fact]
    public void Strict_json_is_read_as_the_value() => ForAll(SentValues.JsonRequests, value =>
    {
        value.AssertReadAs(RequestParser.Parse(Writers.Json(value, escaping: true)));
        value.AssertReadAs(RequestParser.Parse(Writers.Json(value, escaping: false)));
    });

    [Fact]
    public void Terraforms_text_is_read_as_the_value() => ForAll(SentValues.TerraformRequests, value =>
    {
        value.AssertReadAs(RequestParser.Parse(Writers.Terraform(value, string.Empty, bareWords: true)));
        value.AssertReadAs(RequestParser.Parse(Writers.Terraform(value, " ", bareWords: true)));
        value.AssertReadAs(RequestParser.Parse(Writers.Terraform(value, "\n\t", bareWords: false) + " } }"));
    });

    [SkippableFact]
    public async Task The_writer_that_these_tests_use_writes_what_python_writes()
    {
        PythonProcess.Need();
        var values = SentValues.Requests.Sample(4000, 40).ToArray();
        var lines = await PythonProcess.RunAsync(values.Select(value => Writers.Json(value, escaping: true)));
        // What is printable differs between versions of Unicode, so this Python is asked for it.
        var unprintable = JsonSerializer.Deserialize<int[][]>(lines[0])!;
        var escaped = new HashSet<int>(unprintable.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1)));
        Assert.Equal(values.Length, lines.Length - 1);
        foreach (var (value, line) in values.Zip(lines.Skip(1)))
        {
            var repr = JsonSerializer.Deserialize<string>(line)!;
            Assert.Equal(repr, Writers.Python(value, rune => !escaped.Contains(rune.Value)));
            value.AssertReadAs(RequestParser.Parse(repr));
        }
    }

    [SkippableFact]
    public async Task Random_values_of_python_are_read_as_they_are()
    {
        PythonProcess.Need();
        var lines = await PythonProcess.RunAsync([], "5000", "20261122");
        Assert.Equal(5000, lines.Length);
        foreach (var line in lines)
        {
            using var pair = JsonDocument.Parse(line);
            AssertSame(pair.RootElement.GetProperty("value"), RequestParser.Parse(pair.RootElement.GetProperty("repr").GetString()!));
        }
    }

    [SkippableFact]
    public async Task No_text_that_python_3_writes_can_be_taken_for_python_2s_bytes()
    {
        PythonProcess.Need();
        var unprintable = JsonSerializer.Deserialize<int[][]>((await PythonProcess.RunAsync([]))[0])!;
        var bytes = unprintable.SelectMany(range => Enumerable.Range(range[0], range[1] - range[0] + 1)).TakeWhile(code => code < 0x100)
            .ToArray();
        // C2 to F4 begin every UTF-8 sequence of more than one byte, and Python prints all of them.
        Assert.Equal([.. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7f, 0x22), 0xad], bytes);
        Assert.DoesNotContain(bytes, code => code is >= 0xc2 and <= 0xf4);
        foreach (var text in bytes.SelectMany(
            first => bytes.SelectMany(second => bytes.Select(third => $"{(char)first}{(char)second}{(char)third}"))))
        {
            var escapes = string.Concat(text.Select(character => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}")));
            Assert.Equal(text, RequestParser.Parse($"{{'a': '{escapes}'}}").Members["a"].Text);
        }
    }

    private static void ForAll<T>(Gen<T> values, Action<T> check) => Check.One(Many, Prop.ForAll(Arb.From(values), check));

    private static void AssertSame(JsonElement expected, RequestValue read)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(RequestValueKind.Object, read.Kind);
                Assert.Equal(expected.GetPropertyCount(), read.Members.Count);
                foreach (var member in expected.EnumerateObject())
                {
                    AssertSame(member.Value, read.Members[member.Name]);
                }

                break;
            case JsonValueKind.Array:
                Assert.Equal(RequestValueKind.List, read.Kind);
                Assert.Equal(expected.GetArrayLength(), read.Items.Count);
                foreach (var (item, index) in expected.EnumerateArray().Select((item, index) => (item, index)))
                {
                    AssertSame(item, read.Items[index]);
                }

                break;
            case JsonValueKind.String:
                Assert.Equal((RequestValueKind.Text, expected.GetString()), (read.Kind, read.Text));
                break;
            case JsonValueKind.Number:
                Assert.Equal((RequestValueKind.Number, expected.GetRawText()), (read.Kind, read.Text));
                break;
            case JsonValueKind.Null:
                Assert.Equal(RequestValueKind.Null, read.Kind);
                break;
            default:
                Assert.Equal((RequestValueKind.Boolean, expected.GetBoolean() ? "true" : "false"), (read.Kind, read.Text));
                break;
        }
    }
}
