namespace HedvigStorage.Client.Compatibility;

/// <summary>What netstandard2.0 lacks for searching text.</summary>
internal static class TextSearch
{
    public static bool ContainsIgnoreCase(this string text, string part) =>
#if NET8_0_OR_GREATER
        text.Contains(part, StringComparison.OrdinalIgnoreCase);
#else
        text.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
#endif
}
