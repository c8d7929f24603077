using System.Buffers;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>Finds the one field <c>request</c> in a form or a query and takes its percent-encoding away.</summary>
internal static class RequestField
{
    private static readonly SearchValues<byte> Escapes = SearchValues.Create("%+"u8);
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the field.</summary>
    /// <param name="form">The fields, <c>name=value</c>, with <c>&amp;</c> between them.</param>
    /// <returns>The text, or <see langword="null"/> if there is no such field.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it is given twice, or its encoding is
    /// wrong.</exception>
    public static string? Read(ReadOnlySpan<byte> form)
    {
        string? found = null;
        while (!form.IsEmpty)
        {
            var end = form.IndexOf((byte)'&');
            var field = end < 0 ? form : form[..end];
            form = end < 0 ? [] : form[(end + 1)..];
            var equals = field.IndexOf((byte)'=');
            if (equals < 0 || !IsRequest(field[..equals]))
            {
                continue;
            }

            if (found is not null)
            {
                throw new ClusterException(ErrorCode.InvalidArgument, "The field 'request' is given twice. Give it once.");
            }

            found = Decode(field[(equals + 1)..]);
        }

        return found;
    }

    private static bool IsRequest(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("request"u8)
            || (name.Length <= 21 && name.ContainsAny(Escapes) && string.Equals(Decode(name), "request", StringComparison.Ordinal));

    private static string Decode(ReadOnlySpan<byte> value)
    {
        if (!value.ContainsAny(Escapes))
        {
            return ToText(value);
        }

        var rented = ArrayPool<byte>.Shared.Rent(value.Length);
        try
        {
            return ToText(rented.AsSpan(0, Unescape(value, rented)));
        }
        finally
        {
            // It may hold a password.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static int Unescape(ReadOnlySpan<byte> value, Span<byte> target)
    {
        var written = 0;
        var position = 0;
        while (position < value.Length)
        {
            var letter = value[position];
            if (letter == '%')
            {
                if (position + 2 >= value.Length || !char.IsAsciiHexDigit((char)value[position + 1])
                    || !char.IsAsciiHexDigit((char)value[position + 2]))
                {
                    throw new ClusterException(
                        ErrorCode.InvalidArgument,
                        $"The field 'request' has a % at byte {position} without two hexadecimal digits after it. "
                            + "Percent-encode the value; a % itself is %25.");
                }

                target[written++] = (byte)((HexValue(value[position + 1]) << 4) | HexValue(value[position + 2]));
                position += 3;
            }
            else
            {
                target[written++] = letter == '+' ? (byte)' ' : letter;
                position++;
            }
        }

        return written;
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                "The field 'request' is not UTF-8. Encode its text as UTF-8, and that with percent-encoding.",
                error);
        }
    }
}
