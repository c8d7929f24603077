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

    /// <summary>Tells whether a member of an object is given, in any letter case.</summary>
    public bool Has(string name) => _value is IDictionary members
        && members.Keys.Cast<object>()
            .Any(key => string.Equals(Convert.ToString(key, CultureInfo.InvariantCulture), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Reads an object: the members that are known, by the names that they have here; a name that is not known is an error that names the
    /// nearest.
    /// </summary>
    public IReadOnlyList<(string Name, DocumentNode Value)> ReadMembers(IReadOnlyList<string> known, IReadOnlyCollection<string> required)
    {
        if (_value is not IDictionary members)
        {
            Fail($"expected an object with {string.Join(", ", known.Select(name => $"'{name}'"))}, found {Kind(_value)}.");
            return [];
        }

        var found = new List<(string Name, DocumentNode Value)>(members.Count);
        foreach (DictionaryEntry member in members)
        {
            var given = Convert.ToString(member.Key, CultureInfo.InvariantCulture) ?? string.Empty;
            var name = known.FirstOrDefault(candidate => string.Equals(candidate, given, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                // "$schema" is how an editor finds the schema of a JSON file.
                if (!(string.Equals(Path, "$", StringComparison.Ordinal) && string.Equals(given, "$schema", StringComparison.Ordinal)))
                {
                    Fail($"unknown key '{ObjectName.Printable(given)}'. {Nearest.Hint(given, known.ToArray())}");
                }
            }
            else if (found.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal)))
            {
                Fail($"'{name}' is given twice.");
            }
            else
            {
                found.Add((name, new DocumentNode(member.Value, $"{Path}.{name}", _errors)));
            }
        }

        foreach (var missing in required.Where(name => !found.Exists(other => string.Equals(other.Name, name, StringComparison.Ordinal))))
        {
            Fail($"'{missing}' is missing.");
        }

        return found;
    }

    /// <summary>Reads a value of a form; <see langword="null"/> if it is not one, which is an error then.</summary>
    public object? Read(PropertyForm form)
    {
        if (form.WrittenForm == WrittenForm.Flag)
        {
            return ReadFlag();
        }

        if (form.WrittenForm == WrittenForm.Schedule)
        {
            return CatalogTables.Schedule.Read(this);
        }

        var text = form.WrittenForm switch
        {
            WrittenForm.Scalar => ReadScalar(),
            WrittenForm.Mode => ReadModeText(),
            _ => ReadText(),
        };
        if (text is null)
        {
            return null;
        }

        var value = form.Parse(text, out var error);
        if (error is not null)
        {
            Fail(error);
        }

        return value;
    }

    /// <summary>Reads the value of an attribute.</summary>
    public object? ReadAttribute(AttributeDefinition attribute)
    {
        if ((_value is IEnumerable and not (string or IDictionary) ? ReadListText() : ReadScalar()) is not { } text)
        {
            return null;
        }

        try
        {
            return attribute.Parse(text);
        }
        catch (ClusterException exception)
        {
            Fail(exception.Message);
            return null;
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
            Fail(
                $"'{ObjectName.Printable(text)}' is not a time from {DurationText.Write(minimum)} to {DurationText.Write(maximum)}. "
                    + "Give one such as 10s or 1m30s, or a whole number of seconds.");
            return null;
        }

        return time;
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

    // Octal digits are a string: a number may be the value or the digits. YAML makes 488 of 0o750, and 488 or 750 of 0750.
    private string? ReadModeText()
    {
        if (_value is string text)
        {
            return text;
        }

        var hint = _value is int or long or decimal ? Quoted(Convert.ToDecimal(_value, CultureInfo.InvariantCulture)) : string.Empty;
        Fail($"expected an octal string such as \"0750\", found {Kind(_value)}.{hint}");
        return null;

        static string Quoted(decimal number)
        {
            if (number is < 0 or > PermissionBits.Maximum || number != decimal.Truncate(number))
            {
                return string.Empty;
            }

            var written = PermissionBits.TryParse(number.ToString(CultureInfo.InvariantCulture), out var digits)
                ? $", \"{PermissionBits.Format(digits)}\" these digits."
                : ".";
            return $" Write it in quotes: \"{PermissionBits.Format((int)number)}\" has this value{written}";
        }
    }

    private string? ReadListText() => ReadStrings() is { } texts ? string.Join(",", texts) : null;

    private static bool IsNumber(object? value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

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
