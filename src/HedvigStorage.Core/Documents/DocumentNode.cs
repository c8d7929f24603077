using System.Collections;

namespace HedvigStorage.Documents;

/// <summary>
/// A place in a document that was read into dictionaries, lists and plain values, whether from JSON or from a PowerShell data file.
/// Errors are collected, so that a person sees all of them at once.
/// </summary>
internal sealed class DocumentNode
{
    private readonly object? _value;
    private readonly List<string> _errors;

    public DocumentNode(object? value, string path, List<string> errors)
    {
        _value = value;
        Path = path;
        _errors = errors;
    }

    public string Path { get; }

    public bool IsObject => _value is IDictionary;

    public bool IsText => _value is string;

    public void Fail(string message) => _errors.Add($"{Path}: {message}");

    /// <summary>Reads an object: each member is given to its reader; a name without one is an error that names the nearest.</summary>
    public void ReadObject(IReadOnlyDictionary<string, Action<DocumentNode>> readers, IReadOnlyCollection<string>? required = null)
    {
        if (_value is not IDictionary members)
        {
            Fail($"expected an object with {string.Join(", ", readers.Keys.Select(name => $"'{name}'"))}, found {Kind(_value)}.");
            return;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry member in members)
        {
            var name = Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            var known = readers.FirstOrDefault(reader => string.Equals(reader.Key, name, StringComparison.OrdinalIgnoreCase));
            if (known.Value is null)
            {
                // "$schema" is how an editor finds the schema of a JSON file.
                if (!(string.Equals(Path, "$", StringComparison.Ordinal) && string.Equals(name, "$schema", StringComparison.Ordinal)))
                {
                    Fail($"unknown key '{ObjectName.Printable(name)}'. {Nearest.Hint(name, readers.Keys.ToArray())}");
                }

                continue;
            }

            if (!seen.Add(known.Key))
            {
                Fail($"'{known.Key}' is there twice.");
                continue;
            }

            known.Value(new DocumentNode(member.Value, $"{Path}.{known.Key}", _errors));
        }

        foreach (var missing in (required ?? []).Where(name => !seen.Contains(name)))
        {
            Fail($"'{missing}' is missing.");
        }
    }

    /// <summary>Reads a list, or one item that stands for a list of one, as PowerShell unrolls it.</summary>
    public IReadOnlyList<T> ReadList<T>(Func<DocumentNode, T?> read)
        where T : class
    {
        if (_value is string or IDictionary || _value is not IEnumerable items)
        {
            if (_value is IDictionary && read(this) is { } single)
            {
                return [single];
            }

            if (_value is not IDictionary)
            {
                Fail($"expected a list, found {Kind(_value)}.");
            }

            return [];
        }

        var list = new List<T>();
        var index = 0;
        foreach (var item in items)
        {
            if (read(new DocumentNode(item, $"{Path}[{index.ToString(CultureInfo.InvariantCulture)}]", _errors)) is { } value)
            {
                list.Add(value);
            }

            index++;
        }

        return list;
    }

    public IReadOnlyList<string>? ReadStrings()
    {
        if (_value is string || _value is IDictionary || _value is not IEnumerable)
        {
            Fail($"expected a list of strings, found {Kind(_value)}.");
            return null;
        }

        return ReadList(node => node.ReadText());
    }

    /// <summary>Reads a map of names to text; numbers and booleans are taken as they are written.</summary>
    public IReadOnlyDictionary<string, string>? ReadMap()
    {
        if (_value is not IDictionary members)
        {
            Fail($"expected an object of names and values, found {Kind(_value)}.");
            return null;
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry member in members)
        {
            var name = Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            if (new DocumentNode(member.Value, $"{Path}.{name}", _errors).ReadScalar() is { } text)
            {
                map[name] = text;
            }
        }

        return map;
    }

    /// <summary>Reads a map of names to whatever each value is.</summary>
    public IReadOnlyDictionary<string, T>? ReadMap<T>(Func<DocumentNode, T?> read)
        where T : class
    {
        if (_value is not IDictionary members)
        {
            Fail($"expected an object of names and values, found {Kind(_value)}.");
            return null;
        }

        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (DictionaryEntry member in members)
        {
            var name = Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            if (read(new DocumentNode(member.Value, $"{Path}.{name}", _errors)) is { } value)
            {
                map[name] = value;
            }
        }

        return map;
    }

    /// <summary>Reads a time: <c>1m30s</c>, or a number of seconds.</summary>
    /// <param name="minimum">The shortest.</param>
    /// <param name="longest">The longest; default: a day.</param>
    public TimeSpan? ReadDuration(TimeSpan minimum, TimeSpan? longest = null)
    {
        if (ReadScalar() is not { } text)
        {
            return null;
        }

        var maximum = longest ?? TimeSpan.FromDays(1);
        if (!DurationText.TryParse(text, out var time) || time < minimum || time > maximum)
        {
            Fail($"'{ObjectName.Printable(text)}' is not a time from {DurationText.Write(minimum)} to {DurationText.Write(maximum)}. Give one such as 10s or 1m30s, or a whole number of seconds.");
            return null;
        }

        return time;
    }

    /// <summary>Reads text for people.</summary>
    public string? ReadDescription()
    {
        if (ReadText() is not { } text)
        {
            return null;
        }

        if (PrintableText.WhatIsWrong(Path.Substring(Path.LastIndexOf('.') + 1), text) is { } wrong)
        {
            Fail(wrong);
            return null;
        }

        return text;
    }

    public string? ReadText()
    {
        if (_value is string text)
        {
            return text;
        }

        Fail($"expected a string, found {Kind(_value)}.");
        return null;
    }

    /// <summary>Reads a string, number or boolean as text.</summary>
    public string? ReadScalar()
    {
        switch (_value)
        {
            case string text:
                return text;
            case bool flag:
                return flag ? "true" : "false";
            case IFormattable number when IsNumber(_value):
                return number.ToString(null, CultureInfo.InvariantCulture);
            default:
                Fail($"expected a string, a number or true or false, found {Kind(_value)}.");
                return null;
        }
    }

    public string? ReadName(string kind)
    {
        if (ReadText() is not { } name)
        {
            return null;
        }

        if (!ObjectName.IsValid(name))
        {
            Fail(ObjectName.Describe(kind, name));
            return null;
        }

        return name;
    }

    public bool? ReadFlag()
    {
        if (_value is bool flag)
        {
            return flag;
        }

        Fail($"expected true or false, found {Kind(_value)}.");
        return null;
    }

    public ByteSize? ReadSize()
    {
        var text = ReadScalar();
        if (text is null)
        {
            return null;
        }

        if (!ByteSize.TryParse(text, out var size, out var error))
        {
            Fail(error!);
            return null;
        }

        if (size.Bytes == 0)
        {
            Fail("a size of 0 holds nothing. Give a size such as 10GB.");
            return null;
        }

        return size;
    }

    public int? ReadInteger(int minimum, int maximum)
    {
        var text = ReadScalar();
        if (text is null)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < minimum || value > maximum)
        {
            Fail($"'{ObjectName.Printable(text)}' is out of range: give a whole number from {minimum} to {maximum}.");
            return null;
        }

        return value;
    }

    /// <summary>Reads permission bits: a string is octal, as chmod takes it.</summary>
    public int? ReadMode()
    {
        if (_value is string text)
        {
            if (PermissionBits.TryParse(text, out var mode))
            {
                return mode;
            }

            Fail($"'{ObjectName.Printable(text)}' is not a valid file mode. {PermissionBits.Rule}");
            return null;
        }

        // A number may be the value or the digits: YAML makes 488 of 0o750, and 488 or 750 of 0750.
        Fail($"expected an octal string such as \"0750\", found {Kind(_value)}.{(_value is int or long or decimal ? Quoted(Convert.ToDecimal(_value, CultureInfo.InvariantCulture)) : string.Empty)}");
        return null;

        static string Quoted(decimal number) => number is < 0 or > 4095 || number != decimal.Truncate(number) ? string.Empty : $" Write it in quotes: \"{PermissionBits.Format((int)number)}\" has this value"
            + (PermissionBits.TryParse(number.ToString(CultureInfo.InvariantCulture), out var digits) ? $", \"{PermissionBits.Format(digits)}\" these digits." : ".");
    }

    public T? ReadWord<T>()
        where T : struct, Enum
    {
        var text = ReadText();
        if (text is null)
        {
            return null;
        }

        if (AttributeTable.TryParseWord<T>(text, out var value))
        {
            return value;
        }

        Fail($"'{ObjectName.Printable(text)}' is not one of {string.Join(", ", Enum.GetNames(typeof(T)))}.");
        return null;
    }

    public VolumeAttributes ReadAttribute(AttributeDefinition attribute, VolumeAttributes attributes)
    {
        var text = _value is IEnumerable and not (string or IDictionary)
            ? string.Join(",", ReadStrings() ?? [])
            : ReadScalar();
        if (text is null)
        {
            return attributes;
        }

        try
        {
            return attribute.With(attributes, text);
        }
        catch (ClusterException e)
        {
            Fail(e.Message);
            return attributes;
        }
    }

    private static bool IsNumber(object? value) => value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    private static string Kind(object? value) => value switch
    {
        null => "null",
        string text => $"the string '{ObjectName.Printable(text)}'",
        bool flag => flag ? "true" : "false",
        IDictionary => "an object",
        IFormattable number when IsNumber(value) => $"the number {number.ToString(null, CultureInfo.InvariantCulture)}",
        IEnumerable => "a list",
        _ => $"a {value.GetType().Name}",
    };
}
