using System.Collections;

namespace HedvigStorage.Parameters;

/// <summary>
/// Takes a snapshot schedule as documents have it, such as <c>@{ hourly = 24; daily = 7 }</c>, as the text <c>hourly=24,daily=7</c> that is
/// shown of one, or as a policy has it. What is not named is 0.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SnapshotScheduleTransformationAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] Names = ["hourly", "daily", "weekly"];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => ObjectNames.Unwrap(inputData) switch
    {
        null or "" => null,
        SnapshotSchedule schedule => schedule,
        IDictionary table => Make(table.Keys.Cast<object>().Select(key => ($"{key}", (object?)table[key]))),
        string text => Make(ReadText(text)),
        _ when inputData is PSObject wrapped && Names.All(name => wrapped.Properties[name] is not null) =>
            Make(Names.Select(name => (name, (object?)wrapped.Properties[name].Value))),
        _ => throw Refuse($"{inputData}"),
    };

    private static SnapshotSchedule Make(IEnumerable<(string Name, object? Value)> counts)
    {
        var schedule = SnapshotSchedule.None;
        foreach (var (name, value) in counts)
        {
            var count = int.TryParse(
                Convert.ToString(ObjectNames.Unwrap(value), CultureInfo.InvariantCulture),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var number)
                ? number
                : throw Refuse($"{name}={value}");
            schedule = name.ToLowerInvariant() switch
            {
                "hourly" => schedule with { Hourly = count },
                "daily" => schedule with { Daily = count },
                "weekly" => schedule with { Weekly = count },
                _ => throw Refuse(name),
            };
        }

        try
        {
            schedule.Check();
        }
        catch (ClusterException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }

        return schedule;
    }

    private static IEnumerable<(string Name, object? Value)> ReadText(string text) =>
        string.Equals(text.Trim(), "none", StringComparison.OrdinalIgnoreCase)
        ? []
        : text.Split(',').Select(part => part.Split('='))
            .Select(pair => pair.Length == 2 ? (pair[0].Trim(), (object?)pair[1].Trim()) : throw Refuse(text));

    private static ArgumentTransformationMetadataException Refuse(string value) =>
        new(
            $"'{ObjectName.Printable(value)}' is not a snapshot schedule. Give @{{ hourly = 24; daily = 7; weekly = 4 }}, or a part of it; "
                + "'none' takes none.");
}
