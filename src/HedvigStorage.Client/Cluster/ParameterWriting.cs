using System.Text.Json;
using HedvigStorage.Properties;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Writes members of <c>params</c>; what is not specified is left out.</summary>
internal static class ParameterWriting
{
    public static void WriteOptionalString(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    public static void WriteOptionalStrings(this Utf8JsonWriter writer, string name, IEnumerable<string>? values)
    {
        if (values is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    public static void WriteSize(this Utf8JsonWriter writer, ByteSize size)
    {
        var (unit, value) = RequestSize.From(size);
        writer.WriteStartObject("size");
        writer.WriteString("unit", unit);
        writer.WriteNumber("value", value);
        writer.WriteEndObject();
    }

    /// <summary>Writes a blank volume, whose size is given.</summary>
    public static void WriteBlankVolume(this Utf8JsonWriter writer, VolumeSpecification specification)
    {
        writer.WriteString("name", specification.Name);
        writer.WriteSize(specification.Size!.Value);
        writer.WriteVolume(specification);
    }

    /// <summary>Writes what a blank volume and a clone have in common.</summary>
    public static void WriteVolume(this Utf8JsonWriter writer, VolumeSpecification specification)
    {
        writer.WriteOptionalString("diskType", specification.Type?.ToWord());
        writer.WriteOptionalString("fileSystem", specification.FileSystem?.ToWord());
        foreach (var property in VolumeProperties.All)
        {
            writer.WriteProperty(property.WireName, property.Get(specification));
        }

        writer.WriteLabels(specification.Labels);
    }

    /// <summary>Writes what to change of a volume in place.</summary>
    public static void WriteChange(this Utf8JsonWriter writer, VolumeChange change)
    {
        foreach (var property in VolumeProperties.All)
        {
            writer.WriteProperty(property.WireName, property.InPlace?.Get(change));
        }
    }

    /// <summary>Writes a policy, but for its name, schedule and labels.</summary>
    public static void WritePolicy(this Utf8JsonWriter writer, PolicySpecification specification)
    {
        foreach (var property in PolicyProperties.All)
        {
            writer.WriteProperty(property.WireName, property.Get(specification));
        }
    }

    public static void WriteLabels(this Utf8JsonWriter writer, IReadOnlyDictionary<string, string> labels) =>
        writer.WriteLabels("labels", labels);

    public static void WriteLabels(this Utf8JsonWriter writer, string member, IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(member);
        foreach (var label in labels)
        {
            writer.WriteString(label.Key, label.Value);
        }

        writer.WriteEndObject();
    }

    public static void WriteSchedule(this Utf8JsonWriter writer, SnapshotSchedule? schedule)
    {
        if (schedule is null)
        {
            return;
        }

        writer.WriteStartObject("snapshotSchedule");
        writer.WriteNumber("hourly", schedule.Hourly);
        writer.WriteNumber("daily", schedule.Daily);
        writer.WriteNumber("weekly", schedule.Weekly);
        writer.WriteEndObject();
    }

    private static void WriteProperty(this Utf8JsonWriter writer, string? name, object? value)
    {
        if (name is null)
        {
            return;
        }

        switch (value)
        {
            case null:
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case IReadOnlyList<string> texts:
                writer.WriteOptionalStrings(name, texts);
                break;
            default:
                writer.WriteString(name, value.ToString());
                break;
        }
    }

    public static void WritePage(this Utf8JsonWriter writer, int pageSize, string? pageToken)
    {
        writer.WriteNumber("pageSize", pageSize);
        writer.WriteOptionalString("pageToken", pageToken);
    }
}
