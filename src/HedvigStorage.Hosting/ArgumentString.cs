namespace HedvigStorage.Hosting;

/// <summary>Joins arguments into the one string that netstandard2.0 takes; .NET reads it by the same rules on every platform.</summary>
internal static class ArgumentString
{
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(character => character is not ('"' or '\\') && !char.IsWhiteSpace(character)))
        {
            return argument;
        }

        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var character in argument)
        {
            // Backslashes count as such unless a quotation mark follows: then each must be doubled.
            _ = quoted.Append('\\', character == '"' ? backslashes + 1 : 0);
            backslashes = character == '\\' ? backslashes + 1 : 0;
            _ = quoted.Append(character);
        }

        return quoted.Append('\\', backslashes).Append('"').ToString();
    }
}
