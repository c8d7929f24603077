namespace HedvigStorage;

/// <summary>
/// A number of bytes. <c>10GB</c>, <c>10GiB</c> and <c>10G</c> all mean 10 × 2³⁰ bytes, as Hedvig's own <c>GB</c> does;
/// a bare number is bytes. Objects of a cluster hold their sizes as numbers, with which everybody can calculate; this is how a size is
/// read, checked and written.
/// </summary>
public readonly struct ByteSize : IEquatable<ByteSize>, IComparable<ByteSize>, IComparable
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Makes a size of that many bytes.</summary>
    /// <param name="bytes">The number of bytes, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public ByteSize(long bytes)
    {
        if (bytes < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "A size cannot be negative.");
        }

        Bytes = bytes;
    }

    /// <summary>Reads a size, so that a string can stand where a size is wanted.</summary>
    /// <param name="text">See <see cref="Parse(string)"/>.</param>
    /// <exception cref="FormatException">The text is not a size; the message says what would be.</exception>
    public ByteSize(string text) => this = Parse(text);

    /// <summary>Gets the number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>Gets the size in units of 2³⁰ bytes.</summary>
    public double Gigabytes => Bytes / (double)(1L << 30);

    /// <summary>Makes a size of whole units of 2³⁰ bytes.</summary>
    /// <param name="count">How many, 0 to 2³³ − 1.</param>
    public static ByteSize FromGigabytes(long count) => new(checked(count << 30));

    /// <summary>Makes a size of whole units of 2²⁰ bytes.</summary>
    /// <param name="count">How many, 0 to 2⁴³ − 1.</param>
    public static ByteSize FromMegabytes(long count) => new(checked(count << 20));

    /// <summary>Reads a size such as <c>10GB</c>, <c>512 MiB</c>, <c>1.5T</c> or <c>1073741824</c>.</summary>
    /// <param name="text">A number that is not negative, and a unit of B, K, M, G, T, P or E, with or without <c>B</c> or <c>iB</c>, in any
    /// letter case.</param>
    /// <returns>The size; fractions of a byte are refused.</returns>
    /// <exception cref="FormatException">The text is not a size, or the size is larger than 2⁶³ − 1 bytes.</exception>
    public static ByteSize Parse(string text) =>
        TryParse(text, out var size, out var error) ? size : throw new FormatException(error);

    /// <summary>Reads a size without throwing.</summary>
    /// <param name="text">See <see cref="Parse(string)"/>.</param>
    /// <param name="size">The size, or 0.</param>
    /// <param name="error">What is wrong and what would be right, or <see langword="null"/>.</param>
    /// <returns>Whether the text is a size.</returns>
    public static bool TryParse(string? text, out ByteSize size, out string? error)
    {
        size = default;
        var trimmed = (text ?? string.Empty).Trim();
        var digits = 0;
        while (digits < trimmed.Length && (char.IsDigit(trimmed[digits]) || trimmed[digits] is '.' or '-' or '+'))
        {
            digits++;
        }

        if (!decimal.TryParse(
            trimmed.Substring(0, digits),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number)
            || !TryGetShift(trimmed.Substring(digits).Trim(), out var shift))
        {
            error = $"'{text}' is not a size. Give a number and a unit, such as 512MB, 10GB or 1.5TB; a bare number is bytes.";
            return false;
        }

        if (number < 0)
        {
            error = $"'{text}' is negative. A size is 0 or more.";
            return false;
        }

        if (number > (decimal)long.MaxValue / (1L << shift))
        {
            error = $"'{text}' is too large. The largest size is 8EB less one byte.";
            return false;
        }

        var bytes = number * (1L << shift);
        if (bytes != decimal.Truncate(bytes))
        {
            error = $"'{text}' is not a whole number of bytes.";
            return false;
        }

        error = null;
        size = new ByteSize((long)bytes);
        return true;
    }

    /// <summary>Takes a number as bytes.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public static implicit operator ByteSize(long bytes) => new(bytes);

    /// <summary>Takes a size as its number of bytes.</summary>
    /// <param name="size">The size.</param>
    public static implicit operator long(ByteSize size) => size.Bytes;

    /// <summary>Gets the number of bytes.</summary>
    public long ToInt64() => Bytes;

    /// <summary>Makes a size of that many bytes.</summary>
    /// <param name="bytes">The number of bytes.</param>
    public static ByteSize FromInt64(long bytes) => new(bytes);

    /// <summary>Compares two sizes.</summary>
    public static bool operator ==(ByteSize left, ByteSize right) => left.Bytes == right.Bytes;

    /// <summary>Compares two sizes.</summary>
    public static bool operator !=(ByteSize left, ByteSize right) => left.Bytes != right.Bytes;

    /// <summary>Compares two sizes.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Compares two sizes.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Compares two sizes.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Compares two sizes.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <inheritdoc/>
    public bool Equals(ByteSize other) => Bytes == other.Bytes;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ByteSize other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Bytes.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        ByteSize other => CompareTo(other),
        long bytes => Bytes.CompareTo(bytes),
        int bytes => Bytes.CompareTo(bytes),
        _ => throw new ArgumentException("A size compares with a size or a number of bytes.", nameof(obj)),
    };

    /// <summary>
    /// Writes the size in the largest unit of which it is a whole number, such as <c>20GB</c> or <c>1536MB</c>;
    /// what is written reads back as the same size.
    /// </summary>
    public override string ToString()
    {
        var unit = 0;
        var value = Bytes;
        while (value != 0 && value % 1024 == 0 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(CultureInfo.InvariantCulture) + Units[unit];
    }

    /// <summary>Writes the size for people, rounded to one decimal, such as <c>1.5 GB</c>.</summary>
    public string ToDisplayString()
    {
        var unit = 0;
        double value = Bytes;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    private static bool TryGetShift(string unit, out int shift)
    {
        shift = 0;
        if (unit.Length == 0)
        {
            return true;
        }

        var index = "BKMGTPE".IndexOf(char.ToUpperInvariant(unit[0]));
        var rest = unit.Substring(1).ToUpperInvariant();
        shift = 10 * index;
        return index == 0 ? rest.Length == 0 : index > 0 && (rest is "" or "B" or "IB");
    }
}
