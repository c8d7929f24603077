using System.Collections;
using System.Management.Automation.Language;

namespace HedvigStorage.Documents;

/// <summary>
/// Writes a document of dictionaries, lists and plain values as JSON or as a PowerShell data file, its members in their order.
/// </summary>
internal sealed class DocumentText
{
    private readonly StringBuilder _text = new();
    private readonly bool _data;

    private DocumentText(bool data) => _data = data;

    public static string Json(object document) => new DocumentText(data: false).Write(document);

    public static string Data(object document) => new DocumentText(data: true).Write(document);

    private string Write(object document)
    {
        Write(document, 0);
        return _text.ToString();
    }

    private void Write(object? value, int depth)
    {
        switch (value)
        {
            case null: _ = _text.Append(_data ? "$null" : "null"); break;
            case string text: WriteString(text); break;
            case bool flag: _ = _text.Append(_data ? "$" : string.Empty).Append(flag ? "true" : "false"); break;
            case IEnumerable<KeyValuePair<string, object>> members: WriteMembers(
                members.Select(member => (member.Key, (object?)member.Value)), depth); break;
            case IEnumerable<KeyValuePair<string, string>> members: WriteMembers(
                members.Select(member => (member.Key, (object?)member.Value)), depth); break;
            case IEnumerable items: WriteItems(items.Cast<object?>().ToArray(), depth); break;
            default: _ = _text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private void WriteMembers(IEnumerable<(string Key, object? Value)> members, int depth)
    {
        var written = members.ToArray();
        if (written.Length == 0)
        {
            _ = _text.Append(_data ? "@{}" : "{}");
            return;
        }

        _ = _text.Append(_data ? "@{" : "{");
        for (var index = 0; index < written.Length; index++)
        {
            Break(depth + 1);
            WriteString(written[index].Key);
            _ = _text.Append(_data ? " = " : ": ");
            Write(written[index].Value, depth + 1);
            _ = _text.Append(_data || index == written.Length - 1 ? string.Empty : ",");
        }

        Break(depth);
        _ = _text.Append('}');
    }

    private void WriteItems(object?[] items, int depth)
    {
        if (items.Length == 0)
        {
            _ = _text.Append(_data ? "@()" : "[]");
            return;
        }

        _ = _text.Append(_data ? "@(" : "[");
        for (var index = 0; index < items.Length; index++)
        {
            Break(depth + 1);
            Write(items[index], depth + 1);
            _ = _text.Append(_data || index == items.Length - 1 ? string.Empty : ",");
        }

        Break(depth);
        _ = _text.Append(_data ? ')' : ']');
    }

    private void Break(int depth) => _ = _text.Append('\n').Append(' ', depth * 2);

    private void WriteString(string text)
    {
        if (_data)
        {
            _ = _text.Append('\'').Append(CodeGeneration.EscapeSingleQuotedStringContent(text)).Append('\'');
            return;
        }

        _ = _text.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' or '\u007f' or '\u2028' or '\u2029' =>
                    _text.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => _text.Append(character),
            };
        }

        _ = _text.Append('"');
    }
}
