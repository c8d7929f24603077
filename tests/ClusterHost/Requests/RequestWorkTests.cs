using System.Diagnostics;
using HedvigStorage.ClusterHost.Rest;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>
/// Reading takes work in proportion to the length, whatever the text: one eight times as long takes nowhere near eight times eight as much.
/// The best of many runs counts, so that a busy machine cannot decide.
/// </summary>
public sealed class RequestWorkTests
{
    private const int Short = RequestParser.MaximumLength / 8;

    // Between the 8 of proportion and the 64 of a square.
    private const double Most = 32;

    [Theory]
    [InlineData("a long string")]
    [InlineData("a long string of letters beyond ASCII")]
    [InlineData("escapes")]
    [InlineData("one run of byte escapes")]
    [InlineData("byte escapes that are UTF-8")]
    [InlineData("byte escapes that are not UTF-8")]
    [InlineData("surrogate pairs as escapes")]
    [InlineData("members")]
    [InlineData("members whose names collide")]
    [InlineData("items")]
    [InlineData("empty strings")]
    [InlineData("lists in lists")]
    [InlineData("a long word")]
    [InlineData("a long number")]
    [InlineData("blanks")]
    [InlineData("surplus braces")]
    [InlineData("a string without an end")]
    [InlineData("quotes of the other kind")]
    public void The_work_grows_with_the_length_alone(string shape)
    {
        var small = Make(shape, Short);
        var large = Make(shape, 8 * Short);
        Assert.InRange(large.Length, 7 * Short, RequestParser.MaximumLength);
        Assert.Equal(shape is "a string without an end", Parse(small) is null);
        Assert.Equal(shape is "a string without an end", Parse(large) is null);
        var (ofSmall, ofLarge) = (double.MaxValue, double.MaxValue);
        for (var attempt = 0; attempt < 3 || (attempt < 12 && ofLarge >= Most * ofSmall); attempt++)
        {
            ofSmall = Math.Min(ofSmall, Time(small));
            ofLarge = Math.Min(ofLarge, Time(large));
        }

        Assert.True(ofLarge < Most * ofSmall, $"8 times the length took {ofLarge / ofSmall:0.0} times as long.");
        Assert.InRange((double)Allocated(large) / Math.Max(Allocated(small), 4096), 0, Most);
    }

    [Fact]
    public void The_names_that_are_made_to_collide_do()
    {
        // The hash that .NET begins with for strings, before it takes a randomized one.
        static int Hash(string text)
        {
            var (first, second) = ((5381u << 16) + 5381, (5381u << 16) + 5381);
            first = (uint.RotateLeft(first, 5) + first) ^ (text[0] | ((uint)text[1] << 16));
            second = (uint.RotateLeft(second, 5) + second) ^ (text[2] | ((uint)text[3] << 16));
            return (int)(first + (second * 1566083941));
        }

        var names = CollidingNames().Take(5000).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        _ = Assert.Single(names.Select(Hash).Distinct());
    }

    private static string Make(string shape, int length) => shape switch
    {
        "a long string" => Fill(length, "{a:'", "x", "'}"),
        "a long string of letters beyond ASCII" => Fill(length, "{a:'", "é日😀", "'}"),
        "escapes" => Fill(length, "{a:'", "\\n\\'", "'}"),
        "one run of byte escapes" => Fill(length, "{a:'", "\\x80", "'}"),
        "byte escapes that are UTF-8" => Fill(length, "{a:'", "\\xc3\\xa9a", "'}"),
        "byte escapes that are not UTF-8" => Fill(length, "{a:'", "\\x80a", "'}"),
        "surrogate pairs as escapes" => Fill(length, "{a:'", "\\ud83d\\ude00", "'}"),
        "members" => Join(length, "{", index => $"'name{index:000000000}':1", "}"),
        "members whose names collide" =>
            "{" + string.Join(',', CollidingNames().Take((length / 12) - 1).Select(name => $"'{name}':1111")) + "}",
        "items" => Fill(length, "{a:[1", ",1234567890.5", "]}"),
        "empty strings" => Fill(length, "{a:[''", ",        ''", "]}"),
        "lists in lists" => Fill(length, "{a:[0", ",[       [       [       [       1       ]        ]        ]        ]", "]}"),
        "a long word" => Fill(length, "{a:", "w w", "}"),
        "a long number" => Fill(length, "{a:", "1", "}"),
        "blanks" => Fill(length, "{a:1", " ", "}"),
        "surplus braces" => Fill(length, "{a:1}", "}", string.Empty),
        "a string without an end" => Fill(length, "{a:'", "x", string.Empty),
        _ => Fill(length, "{a:'", "\"", "'}"),
    };

    private static string Fill(int length, string begin, string piece, string end)
    {
        var text = new StringBuilder(begin, length);
        while (text.Length + piece.Length + end.Length <= length)
        {
            _ = text.Append(piece);
        }

        return text.Append(end).ToString();
    }

    private static string Join(int length, string begin, Func<int, string> piece, string end)
    {
        var text = new StringBuilder(begin, length);
        for (var index = 0; text.Length + 24 <= length; index++)
        {
            _ = text.Append(index > 0 ? "," : string.Empty).Append(piece(index));
        }

        return text.Append(end).ToString();
    }

    // Four characters are two words of the hash; for each second half there is one first half that gives the same sum.
    private static IEnumerable<string> CollidingNames()
    {
        const uint Start = (5381u << 16) + 5381;
        var turned = uint.RotateLeft(Start, 5) + Start;
        var wanted = (turned ^ 0x00410041u) + ((turned ^ 0x00410041u) * 1566083941);
        for (var low = 0x4e00u; low < 0x9000; low++)
        {
            for (var high = 0x4e00u; high < 0x9000; high++)
            {
                var first = turned ^ (wanted - ((turned ^ (low | (high << 16))) * 1566083941));
                var (one, two) = ((char)(first & 0xffff), (char)(first >> 16));
                if (one is > '\u3100' and < '\ud7a0' && two is > '\u3100' and < '\ud7a0')
                {
                    yield return $"{one}{two}{(char)low}{(char)high}";
                }
            }
        }
    }

    private static double Time(string text)
    {
        var watch = Stopwatch.StartNew();
        _ = Parse(text);

        // What an exception costs whatever the length would hide the growth from a short text.
        return Math.Max(watch.Elapsed.TotalMicroseconds, 100);
    }

    private static long Allocated(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Parse(text);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static RequestValue? Parse(string text)
    {
        try
        {
            return RequestParser.Parse(text);
        }
        catch (ClusterException)
        {
            return null;
        }
    }
}
