namespace HedvigStorage;

/// <summary>Labels: names and values that others put on an object of a cluster. They mean nothing to the cluster itself.</summary>
public static class ObjectLabels
{
    /// <summary>The name of the label with the name of the document that an object belongs to.</summary>
    public const string Document = "io.hedvigstorage.document";

    /// <summary>The most labels of one object.</summary>
    public const int MaximumCount = 32;

    /// <summary>The longest name of a label, in characters.</summary>
    public const int MaximumNameLength = 128;

    /// <summary>The longest value of a label, in characters.</summary>
    public const int MaximumValueLength = 512;

    /// <summary>No labels.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Tells what is wrong with a label, or <see langword="null"/> if nothing is.</summary>
    /// <param name="name">Its name: letters, digits, <c>_</c>, <c>.</c>, <c>-</c> and <c>/</c>, starting with a letter or digit.</param>
    /// <param name="value">Its value, without control characters; <see langword="null"/> where the label is taken away.</param>
    public static string? WhatIsWrong(string name, string? value)
    {
        if (name.Length is 0 or > MaximumNameLength || !IsLetterOrDigit(name[0])
            || !name.All(letter => IsLetterOrDigit(letter) || letter is '_' or '.' or '-' or '/'))
        {
            return $"'{ObjectName.Printable(name)}' is not a valid name of a label: it has letters, digits, '_', '.', '-' and '/', "
                + $"starts with a letter or digit and has at most {MaximumNameLength} characters.";
        }

        return value is not null && (value.Length > MaximumValueLength || value.Any(PrintableText.IsUnsafe))
            ? $"The label '{name}' has a value that is longer than {MaximumValueLength} characters or has control characters in it."
            : null;
    }

    /// <summary>Tells which document an object belongs to, or <see langword="null"/> if it belongs to none.</summary>
    /// <param name="labels">The object's labels.</param>
    public static string? OwnerOf(IReadOnlyDictionary<string, string> labels) => labels.TryGetValue(Document, out var owner) ? owner : null;

    private static bool IsLetterOrDigit(char letter) => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
