using System.Text.Encodings.Web;
using System.Text.Json;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>Writes values as the clients write them.</summary>
internal static class Writers
{
    private static readonly JsonSerializerOptions Escaping = new() { Encoder = JavaScriptEncoder.Default };
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Tells what Python prints as it is: the space and all but separators, controls, formats, surrogates, private and unassigned
    /// characters.
    /// </summary>
    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    /// <summary>Python 3's <c>repr</c>.</summary>
    public static string Python(SentValue value, Func<Rune, bool>? isPrintable = null) => value switch
    {
        SentValue.Text text => PythonText(text.Value, isPrintable ?? IsPrintable),
        SentValue.Integer integer => integer.Spelling,
        SentValue.Real real => real.Spelling,
        SentValue.Flag flag => flag.Value ? "True" : "False",
        SentValue.Sequence sequence => $"[{string.Join(", ", sequence.Items.Select(item => Python(item, isPrintable)))}]",
        SentValue.Mapping mapping =>
            $"{{{string.Join(", ", mapping.Members.Select(member => $"{PythonText(member.Name, isPrintable ?? IsPrintable)}: {Python(member.Value, isPrintable)}"))}}}",
        _ => "None",
    };

    /// <summary>Python 2's <c>repr</c> of a text's UTF-8.</summary>
    public static string Python2(string text)
    {
        var written = new StringBuilder("'");
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet switch
            {
                (byte)'\\' or (byte)'\'' => written.Append('\\').Append((char)octet),
                (byte)'\n' => written.Append("\\n"),
                (byte)'\r' => written.Append("\\r"),
                (byte)'\t' => written.Append("\\t"),
                >= 0x20 and < 0x7f => written.Append((char)octet),
                _ => written.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}"),
            };
        }

        return written.Append('\'').ToString();
    }

    public static string Json(SentValue value, bool escaping) => value switch
    {
        SentValue.Text text => JsonSerializer.Serialize(text.Value, escaping ? Escaping : Relaxed),
        SentValue.Flag flag => flag.Value ? "true" : "false",
        SentValue.Sequence sequence => $"[{string.Join(',', sequence.Items.Select(item => Json(item, escaping)))}]",
        SentValue.Mapping mapping =>
            $"{{{string.Join(',', mapping.Members.Select(member => $"{JsonSerializer.Serialize(member.Name, escaping ? Escaping : Relaxed)}:{Json(member.Value, escaping)}"))}}}",
        SentValue.Nothing => "null",
        // What Python's reader takes for them.
        SentValue.Real { Value: double.NaN } => "NaN",
        SentValue.Real { Value: double.PositiveInfinity } => "Infinity",
        SentValue.Real { Value: double.NegativeInfinity } => "-Infinity",
        SentValue.Real real => real.Spelling,
        _ => ((SentValue.Integer)value).Spelling,
    };

    /// <summary>Terraform's text: bare names, single quotes without any escaping, bare words, and a brace too many.</summary>
    public static string Terraform(SentValue value, string blank, bool bareWords) => Bare(value, blank, bareWords) + blank + "}";

    private static string Bare(SentValue value, string blank, bool bareWords) => value switch
    {
        SentValue.Text text when bareWords && text.Value.Length > 0 && text.Value.All(char.IsAsciiLetterUpper) => text.Value,
        SentValue.Text text => $"'{text.Value}'",
        SentValue.Sequence sequence => $"[{string.Join(',' + blank, sequence.Items.Select(item => Bare(item, blank, bareWords)))}]",
        SentValue.Mapping mapping => $"{{{string.Join(',' + blank, mapping.Members.Select(member => $"{member.Name}{blank}:{blank}{Bare(member.Value, blank, bareWords)}{blank}"))}}}",
        _ => Json(value, escaping: false),
    };

    private static string PythonText(string text, Func<Rune, bool> isPrintable)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var written = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => written.Append("\\\\"),
                '\n' => written.Append("\\n"),
                '\r' => written.Append("\\r"),
                '\t' => written.Append("\\t"),
                var code when code == quote => written.Append('\\').Append(quote),
                _ when isPrintable(rune) => written.Append(rune.ToString()),
                < 0x100 => written.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                < 0x10000 => written.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => written.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return written.Append(quote).ToString();
    }
}
