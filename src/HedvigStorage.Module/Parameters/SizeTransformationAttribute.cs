namespace HedvigStorage.Parameters;

/// <summary>
/// Takes a size as a literal such as <c>10GB</c> or <c>1.5GB</c>, which PowerShell makes a number, or as text such as <c>"10GiB"</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            int or long or uint or ulong or short or byte or ushort or decimal =>
                Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
            double number => Parse(number.ToString("F0", CultureInfo.InvariantCulture), number),
            string text => Parse(text),
            ByteSize or null => inputData,
            System.Collections.IDictionary => Parse("a hashtable"),
            PSCustomObject => Parse(inputData.ToString()!),
            _ => Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!),
        };
    }

    private static ByteSize Parse(string text, double number) => Math.Floor(number) == number
        ? Parse(text)
        : throw new ArgumentTransformationMetadataException(
            $"'{number.ToString(CultureInfo.InvariantCulture)}' is not a whole number of bytes.");

    private static ByteSize Parse(string text) => ByteSize.TryParse(text, out var size, out var error)
        ? size
        : throw new ArgumentTransformationMetadataException(error);
}
