namespace HedvigStorage.Parameters;

/// <summary>Takes a whole number of a range.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberTransformationAttribute : ValueTransformationAttribute
{
    /// <summary>Takes the numbers of a range.</summary>
    /// <param name="kind">What the number is to people, such as <c>user id</c>.</param>
    /// <param name="minimum">The smallest.</param>
    /// <param name="maximum">The largest.</param>
    public WholeNumberTransformationAttribute(string kind, int minimum, int maximum)
    {
        Kind = kind;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>Gets what the number is to people.</summary>
    public string Kind { get; }

    /// <summary>Gets the smallest number.</summary>
    public int Minimum { get; }

    /// <summary>Gets the largest number.</summary>
    public int Maximum { get; }

    private protected override object? Read(object? value)
    {
        if (value is null or "")
        {
            return null;
        }

        return int.TryParse(
            Convert.ToString(value, CultureInfo.InvariantCulture),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number) && number >= Minimum && number <= Maximum
            ? number
            : throw Refuse(
                value,
                string.Format(
                    CultureInfo.InvariantCulture, "is not a valid {0}. Give a whole number from {1} to {2}.", Kind, Minimum, Maximum));
    }
}
