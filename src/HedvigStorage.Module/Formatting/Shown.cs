namespace HedvigStorage.Formatting;

/// <summary>
/// What the views of this module ask of code. It is the colour alone, by properties: they show objects that have been serialised too, and
/// in sessions that call no methods.
/// </summary>
public static class Shown
{
    private static readonly Type? Style = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle");

    /// <summary>Gets what begins the colour of errors, if the host shows colours; else nothing.</summary>
    public static string WrongBegins => Colour() ?? string.Empty;

    /// <summary>Gets what ends the colour that <see cref="WrongBegins"/> has begun; else nothing.</summary>
    public static string WrongEnds => Colour() is null ? string.Empty : "\u001b[0m";

    // PowerShell has styles since 7.2. It takes them out of what is not shown on a terminal, but for its own redirected output.
    private static string? Colour()
    {
        var style = Style?.GetProperty("Instance")?.GetValue(null);
        return style is null || IsRedirected()
            || string.Equals(Read(style, "OutputRendering")?.ToString(), "PlainText", StringComparison.Ordinal)
            ? null
            : Read(style, "Formatting") is { } formatting ? Read(formatting, "Error") as string : null;
    }

    // A look, by which nothing is written: the console belongs to the host.
    private static bool IsRedirected() =>
        (Type.GetType("System.Console, System.Console") ?? typeof(object).Assembly.GetType("System.Console"))?.GetProperty(
            "IsOutputRedirected")?.GetValue(null) is true;

    private static object? Read(object value, string property) => value.GetType().GetProperty(property)?.GetValue(value);
}
