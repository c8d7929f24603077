namespace HedvigStorage;

/// <summary>
/// Text of others made safe to show: what moves a terminal's cursor, rings, colours or turns the reading order around is shown as an escape
/// instead.
/// </summary>
public static class PrintableText
{
    /// <summary>Makes text safe to show in one line.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text, with each unsafe character, a line break too, as <c>\uXXXX</c>.</returns>
    public static string Line(string text) => Escape(text, keepsLines: false);

    /// <summary>Makes text of several lines safe to show; line breaks and tabs stay.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text, with each other unsafe character as <c>\uXXXX</c>.</returns>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    /// <summary>
    /// Tells whether a character changes more than its own place on a screen: control characters, line separators and the marks that turn
    /// the reading order around.
    /// </summary>
    /// <param name="character">The character.</param>
    public static bool IsUnsafe(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>
    /// Refuses a text that has unsafe characters other than line breaks and tabs, which other clients put into descriptions.
    /// </summary>
    /// <param name="what">What it is, such as <c>description</c>; it is part of the message.</param>
    /// <param name="text">The text.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it has such characters.</exception>
    public static string? Check(string what, string? text) => text is not null && WhatIsWrong(what, text) is { } wrong
        ? throw new ClusterException(ErrorCode.InvalidArgument, wrong)
        : text;

    /// <summary>Tells why a text is refused, or <see langword="null"/> if it is not.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="text">The text.</param>
    public static string? WhatIsWrong(string what, string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (IsUnsafe(text[index]) && !IsLayout(text, index))
            {
                return $"The {what} has the control character \\u{(int)text[index]:x4} at position {index + 1}. "
                    + "Line breaks and tabs are allowed there, other control characters are not.";
            }
        }

        return null;
    }

    private static string Escape(string text, bool keepsLines)
    {
        StringBuilder? escaped = null;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (IsUnsafe(character) && !(keepsLines && IsLayout(text, index)))
            {
                escaped ??= new StringBuilder(text, 0, index, text.Length + 16);
                _ = escaped.Append($"\\u{(int)character:x4}");
            }
            else
            {
                _ = escaped?.Append(character);
            }
        }

        return escaped?.ToString() ?? text;
    }

    // A carriage return alone goes back to the beginning of a line and writes over it.
    private static bool IsLayout(string text, int index) =>
        text[index] is '\n' or '\t' || (text[index] == '\r' && index + 1 < text.Length && text[index + 1] == '\n');
}
