using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>
/// Reads what Hedvig's clients really send: strict JSON, Python's <c>repr</c> of a dict, and hand-made text with bare keys and words,
/// either quote, and closing braces too many at the end. It reads each character once.
/// </summary>
internal sealed class RequestParser
{
    /// <summary>The longest request, in UTF-16 units.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>The deepest nesting.</summary>
    public const int MaximumDepth = 64;

    private const string WordEnds = ",:]}[{'\"";
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _text;
    private int _position;
    private int _depth;

    private RequestParser(string text) => _text = text;

    /// <summary>Reads a request.</summary>
    /// <param name="text">The text.</param>
    /// <returns>An object.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the text is no request; the message says where.</exception>
    public static RequestValue Parse(string text)
    {
        if (text.Length > MaximumLength)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The request is {text.Length} characters long; at most {MaximumLength} are read.");
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
        switch (Peek())
        {
            case '{':
                return Nested(ReadObject);
            case '[':
                return Nested(ReadList);
            case '\'' or '"':
                return RequestValue.FromText(ReadQuoted());
            default:
                return ReadWord();
        }
    }

    private RequestValue Nested(Func<RequestValue> read)
    {
        if (++_depth > MaximumDepth)
        {
            throw Error($"it is nested deeper than {MaximumDepth} levels");
        }

        _position++;
        var value = read();
        _depth--;
        return value;
    }

    private RequestValue ReadObject()
    {
        var members = new Dictionary<string, RequestValue>(StringComparer.Ordinal);
        SkipBlanks();
        while (Peek() != '}')
        {
            var key = Peek() is '\'' or '"' ? ReadQuoted() : ReadBare("a member's name");
            SkipBlanks();
            if (Peek() != ':')
            {
                throw Error($"':' was expected after the name '{ObjectName.Printable(key)}'");
            }

            _position++;
            SkipBlanks();
            members[key] = ReadValue();
            if (!ReadSeparator('}'))
            {
                break;
            }
        }

        _position++;
        return RequestValue.FromMembers(members);
    }

    private RequestValue ReadList()
    {
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

        _position++;
        return RequestValue.FromItems(items);
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
            _ when decimal.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => RequestValue.FromNumber(word),
            _ => RequestValue.FromText(word),
        };
    }

    private string ReadBare(string what)
    {
        var start = _position;
        while (_position < _text.Length && !WordEnds.Contains(_text[_position], StringComparison.Ordinal) && !char.IsControl(_text[_position]))
        {
            _position++;
        }

        var word = _text.AsSpan(start, _position - start).TrimEnd();
        return word.Length > 0 ? word.ToString() : throw Error($"{what} was expected");
    }

    private string ReadQuoted()
    {
        var start = _position;
        var quote = _text[_position++];
        var content = new StringBuilder();
        while (true)
        {
            if (_position >= _text.Length)
            {
                _position = start;
                throw Error("the string that begins here has no end");
            }

            var character = _text[_position];
            if (character == quote)
            {
                _position++;
                var text = content.ToString();
                return HasLoneSurrogate(text) ? throw Error("the string before this holds half of a surrogate pair") : text;
            }

            if (character == '\\')
            {
                ReadEscape(content);
            }
            else
            {
                _ = content.Append(character);
                _position++;
            }
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
        _position++;
        if (digits > 0)
        {
            var code = ReadHexadecimal(digits);
            _ = code switch
            {
                <= 0xFFFF => content.Append((char)code),
                <= 0x10FFFF => content.Append(char.ConvertFromUtf32((int)code)),
                _ => throw Error("an escape names a character beyond U+10FFFF"),
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
            _ => throw Error("an unknown escape"),
        });
    }

    // Python 2 writes text as \xNN for each byte of its UTF-8, Python 3 writes \xNN for one unprintable character. A run of
    // bytes that is good UTF-8 cannot come from Python 3, which prints such letters as they are.
    private void ReadByteEscapes(StringBuilder content)
    {
        var bytes = new List<byte>();
        while (true)
        {
            _position++;
            bytes.Add((byte)ReadHexadecimal(2));
            if (_position + 1 >= _text.Length || _text[_position] != '\\' || _text[_position + 1] != 'x')
            {
                break;
            }

            _position++;
        }

        try
        {
            _ = content.Append(StrictUtf8.GetString(bytes.ToArray()));
        }
        catch (DecoderFallbackException)
        {
            _ = content.Append(Encoding.Latin1.GetString(bytes.ToArray()));
        }
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

    private static bool HasLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]))
            {
                if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
                {
                    return true;
                }

                index++;
            }
        }

        return false;
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
