namespace HedvigStorage;

/// <summary>The words of an enumeration with their values, in the order of the values, looked up once.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal static class EnumWords<T>
    where T : struct, Enum
{
    // By the names: Enum.GetValues makes an array of a type that is known at run time only, for which native code has no instructions.
    public static IReadOnlyList<(
        string Word, T Value)> All { get; } = [.. Enum.GetNames(typeof(T)).Select(word => (word, (T)Enum.Parse(typeof(T), word)))];
}
