using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;

namespace HedvigStorage.Formatting;

/// <summary>How values are shown to people, for the views of this module.</summary>
public static class Shown
{
    private static readonly Type? Style = typeof(PSObject).Assembly.GetType("System.Management.Automation.PSStyle");

    /// <summary>Writes a size rounded to one decimal, such as <c>1.5 GB</c>; nothing if there is none.</summary>
    /// <param name="size">The size.</param>
    public static string Size(ByteSize? size) => size?.ToDisplayString() ?? string.Empty;

    /// <summary>Writes an instant in the time of this machine, the same in every culture, such as <c>2026-11-22 16:05:00</c>; nothing if there is none.</summary>
    /// <param name="instant">The instant.</param>
    public static string Time(DateTimeOffset? instant) => instant?.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>Writes a time that something took in seconds, such as <c>0.250 s</c>.</summary>
    /// <param name="elapsed">The time.</param>
    public static string Duration(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    /// <summary>Writes each attribute that was asked for on a line of its own, and what the engine gives in its place, such as <c>replicationFactor=3 (gives 1)</c>.</summary>
    /// <param name="requested">What was asked for.</param>
    /// <param name="effective">What the engine gives, as far as it tells.</param>
    public static string Attributes(VolumeAttributes requested, VolumeAttributes effective) => string.Join("\n", AttributeTable.All
        .Select(attribute => (attribute.Name, Requested: attribute.Get(requested), Effective: attribute.Get(effective)))
        .Where(row => row.Requested is not null)
        .Select(row => $"{row.Name}={AttributeTable.Format(row.Requested!)}"
            + (row.Effective is null || AttributeTable.SameValue(row.Requested!, row.Effective) ? string.Empty : $" (gives {AttributeTable.Show(row.Effective)})")));

    /// <summary>Writes a property that differs, such as <c>size: 1GB -&gt; 2GB</c>.</summary>
    /// <param name="change">The property.</param>
    public static string Change(Planning.PropertyChange change) => change switch
    {
        null => string.Empty,
        { Before: null } => $"{change.Property}: {change.After}",
        { After: null } => $"{change.Property}: {change.Before} -> none",
        _ => $"{change.Property}: {change.Before} -> {change.After}",
    };

    /// <summary>Writes a state, in the colour of errors if something is wrong and the host shows colours.</summary>
    /// <param name="state">The state.</param>
    /// <param name="wrong">Whether something is wrong.</param>
    public static string State(object? state, bool wrong)
    {
        var text = state?.ToString() ?? string.Empty;
        return wrong && Colour() is { } colour ? colour + text + "\u001b[0m" : text;
    }

    // PowerShell has styles since 7.2. It takes them out of what is not shown on a terminal, but for its own redirected output.
    private static string? Colour()
    {
        var style = Style?.GetProperty("Instance")?.GetValue(null);
        return style is null || IsRedirected() || string.Equals(Read(style, "OutputRendering")?.ToString(), "PlainText", StringComparison.Ordinal)
            ? null
            : Read(style, "Formatting") is { } formatting ? Read(formatting, "Error") as string : null;
    }

    // A look, by which nothing is written: the console belongs to the host.
    private static bool IsRedirected() =>
        (Type.GetType("System.Console, System.Console") ?? typeof(object).Assembly.GetType("System.Console"))?.GetProperty("IsOutputRedirected")?.GetValue(null) is true;

    private static object? Read(object value, string property) => value.GetType().GetProperty(property)?.GetValue(value);
}
