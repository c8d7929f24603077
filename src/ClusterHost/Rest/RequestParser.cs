using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>
/// Reads what Hedvig's clients really send: strict JSON, Python's <c>repr</c> of a dict, and hand-made text with bare keys and words,
/// either quote, and closing braces too many at the end. Its work grows with the length of the text and with nothing else.
/// </summary>
internal sealed class RequestParser
{
    /// <summary>The longest request, in UTF-16 units.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>The deepest nesting.</summary>
    public const int MaximumDepth = 64;

    /// <summary>The most values, lists and objects among them.</summary>
    public const int MaximumValues = 100_000;

    private const string WordEnds = ",:]}[{'\"";

    private readonly string _text;
    private readonly List<byte> _bytes = [];
    private int _position;
    private int _depth;
    private int _values;

    private RequestParser(string text) => _text = text;

    /// <summary>Reads a request.</summary>
    /// <param name="text">The text.</param>
    /// <returns>An object.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the text is not a request; the message says
    /// where.</exception>
    public static RequestValue Parse(string text)
    {
        if (text.Length > MaximumLength)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The request is {text.Length} characters long; at most {MaximumLength} are read.");
        }

        var parser = new RequestParser(text);
        parser.SkipBlanks();
        if (parser.Peek() != '{')
        {
            throw parser.Error("an object, '{…}', was expected");
        }

        var value = parser.ReadValue();
        parser.SkipBlanks();
        while (parser.Peek() == '}')
        {
            parser._position++;
            parser.SkipBlanks();
        }

        return parser._position == text.Length ? value : throw parser.Error("the request should have ended");
    }

    private RequestValue ReadValue()
    {
        // A value is many times as large in memory as in the text.
        if (++_values > MaximumValues)
        {
            throw Error($"it has more than {MaximumValues} values");
        }

        switch (Peek())
        {
            case '{':
                return ReadObject();
            case '[':
                return ReadList();
            case '\'' or '"':
                return RequestValue.FromText(ReadQuoted());
            default:
                return ReadWord();
        }
    }

    private RequestValue ReadObject()
    {
        Enter();
        var members = new Dictionary<string, RequestValue>(StringComparer.Ordinal);
        SkipBlanks();
        while (Peek() != '}')
        {
            var start = _position;
            var key = Peek() is '\'' or '"' ? ReadQuoted() : ReadBare("a member's name");
            SkipBlanks();
            if (Peek() != ':')
            {
                throw Error("':' was expected after a member's name");
            }

            _position++;
            SkipBlanks();
            // Twice the same name is never sent on purpose: a text that was put together without escaping says something else than was
            // meant.
            if (!members.TryAdd(key, ReadValue()))
            {
                _position = start;
                throw Error("a member of the same name already exists");
            }

            if (!ReadSeparator('}'))
            {
                break;
            }
        }

        Leave();
        return RequestValue.FromMembers(members);
    }

    private RequestValue ReadList()
    {
        Enter();
        var items = new List<RequestValue>();
        SkipBlanks();
        while (Peek() != ']')
        {
            items.Add(ReadValue());
            if (!ReadSeparator(']'))
            {
                break;
            }
        }

        Leave();
        return RequestValue.FromItems(items);
    }

    private void Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw Error($"it is nested deeper than {MaximumDepth} levels");
        }

        _position++;
    }

    private void Leave()
    {
        _depth--;
        _position++;
    }

    // Stands on the closing character when it answers false.
    private bool ReadSeparator(char close)
    {
        SkipBlanks();
        if (Peek() == close)
        {
            return false;
        }

        if (Peek() != ',')
        {
            throw Error($"',' or '{close}' was expected");
        }

        _position++;
        SkipBlanks();
        return true;
    }

    private RequestValue ReadWord()
    {
        var word = ReadBare("a value");
        return word switch
        {
            _ when word.Equals("true", StringComparison.OrdinalIgnoreCase) => RequestValue.True,
            _ when word.Equals("false", StringComparison.OrdinalIgnoreCase) => RequestValue.False,
            "null" or "None" => RequestValue.Null,
            _ when IsNumber(word) => RequestValue.FromNumber(word),
            _ => RequestValue.FromText(word),
        };
    }

    // Of any size and precision: who asks for the number says what is in range.
    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        word = word[0] is '+' or '-' ? word[1..] : word;
        var whole = CountDigits(word);
        word = word[whole..];
        var fraction = 0;
        if (word is ['.', ..])
        {
            fraction = CountDigits(word[1..]);
            word = word[(fraction + 1)..];
        }

        if (whole + fraction == 0 || word is not ['e' or 'E', ..])
        {
            return whole + fraction > 0 && word.IsEmpty;
        }

        word = word is [_, '+' or '-', ..] ? word[2..] : word[1..];
        return !word.IsEmpty && CountDigits(word) == word.Length;
    }

    private static int CountDigits(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;

    private string ReadBare(string what)
    {
        var start = _position;
        while (_position < _text.Length && !WordEnds.Contains(_text[_position], StringComparison.Ordinal)
            && !char.IsControl(_text[_position]))
        {
            _position++;
        }

        var word = _text.AsSpan(start, _position - start).TrimEnd();
        return word.Length > 0 ? Whole(word.ToString()) : throw Error($"{what} was expected");
    }

    private string ReadQuoted()
    {
        var start = _position;
        var quote = _text[_position++];
        StringBuilder? content = null;
        while (true)
        {
            var length = _text.AsSpan(_position).IndexOfAny(quote, '\\');
            if (length < 0)
            {
                _position = start;
                throw Error("the string that begins here has no end");
            }

            var piece = _text.AsSpan(_position, length);
            _position += length;
            if (_text[_position] == quote)
            {
                _position++;
                return Whole(content is null ? piece.ToString() : content.Append(piece).ToString());
            }

            content = (content ?? new StringBuilder()).Append(piece);
            ReadEscape(content);
        }
    }

    private void ReadEscape(StringBuilder content)
    {
        _position++;
        var character = Peek();
        if (character == 'x')
        {
            ReadByteEscapes(content);
            return;
        }

        var digits = character switch { 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            _position++;
            var code = ReadHexadecimal(digits);
            _ = code switch
            {
                <= 0xFFFF => content.Append((char)code),
                <= 0x10FFFF => content.Append(char.ConvertFromUtf32((int)code)),
                _ => throw Error("the escape before this names a character beyond U+10FFFF"),
            };
            return;
        }

        _ = content.Append(character switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            '\\' or '\'' or '"' or '/' => character,
            _ => throw Error("it is not a known escape"),
        });
        _position++;
    }

    // Python 2 writes text as \xNN for each byte of its UTF-8. Python 3 writes \xNN for a character below U+0100 that it does not print:
    // control
    // characters, U+00A0 and U+00AD. None of these is the first byte of a longer UTF-8 sequence (C2 to F4), so a run with others than
    // ASCII that is good UTF-8 is always Python 2's.
    private void ReadByteEscapes(StringBuilder content)
    {
        _bytes.Clear();
        while (true)
        {
            _position++;
            _bytes.Add((byte)ReadHexadecimal(2));
            if (_position + 1 >= _text.Length || _text[_position] != '\\' || _text[_position + 1] != 'x')
            {
                break;
            }

            _position++;
        }

        var bytes = CollectionsMarshal.AsSpan(_bytes);
        _ = content.Append((Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes));
    }

    private uint ReadHexadecimal(int digits)
    {
        if (_position + digits > _text.Length
            || !uint.TryParse(_text.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw Error($"{digits} hexadecimal digits were expected");
        }

        _position += digits;
        return value;
    }

    // Half of a pair is not text: it could be neither stored nor answered.
    private string Whole(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]))
            {
                if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
                {
                    throw Error("the text before this holds half of a surrogate pair");
                }

                index++;
            }
        }

        return text;
    }

    private char Peek() => _position < _text.Length ? _text[_position] : '\0';

    private void SkipBlanks()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }

    private ClusterException Error(string problem)
    {
        // A password may stand in the text, so the message shows where and never what.
        var where = _position < _text.Length ? $"at character {(_position + 1).ToString(CultureInfo.InvariantCulture)}" : "at its end";
        return new ClusterException(ErrorCode.InvalidArgument, $"The request cannot be read {where}: {problem}.");
    }
}
