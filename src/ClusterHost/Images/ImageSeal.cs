using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>What is remembered of an image that nobody writes.</summary>
/// <param name="Number">The file's number, or 0.</param>
/// <param name="Data">The bytes that are data and no holes, or -1.</param>
/// <param name="HasHead">Whether there is anything but zeros where file systems begin.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ImageSeal(long Number, long Data, bool HasHead)
{
    private const string Version = "1";

    /// <summary>Reads a seal; one of a later version tells nothing.</summary>
    public static ImageSeal? Parse(string? text)
    {
        var fields = (text ?? string.Empty).Split(' ');
        return fields.Length == 4 && fields[0] == Version
            && long.TryParse(fields[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(fields[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var data)
                ? new ImageSeal(number, data, fields[3] == "1")
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {Number} {Data} {(HasHead ? 1 : 0)}");
}
