using System.Text.Json;
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

    public static void WriteOptionalNumber(this Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    public static void WriteOptionalBoolean(this Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
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
        writer.WriteOptionalString("policy", specification.Policy);
        writer.WriteOptionalString("fileSystem", specification.FileSystem?.ToWord());
        writer.WriteOptionalNumber("uid", specification.Uid);
        writer.WriteOptionalNumber("gid", specification.Gid);
        writer.WriteOptionalNumber("mode", specification.Mode);
        writer.WriteOptionalBoolean("protected", specification.Protected);
        writer.WriteOptionalString("takeover", specification.Takeover?.ToString());
        writer.WriteOptionalString("description", specification.Description);
        writer.WriteAttributes(specification.Attributes);
        writer.WriteLabels(specification.Labels);
    }

    public static void WriteAttributes(this Utf8JsonWriter writer, VolumeAttributes attributes)
    {
        writer.WriteOptionalNumber("replicationFactor", attributes.ReplicationFactor);
        writer.WriteOptionalString("replicationPolicy", attributes.ReplicationPolicy?.ToString());
        writer.WriteOptionalStrings("dataCenters", attributes.DataCenters);
        writer.WriteOptionalString("residence", attributes.Residence?.ToString());
        writer.WriteOptionalBoolean("cacheEnabled", attributes.CacheEnabled);
        writer.WriteOptionalBoolean("compressed", attributes.Compression);
        writer.WriteOptionalBoolean("deduplication", attributes.Deduplication);
        writer.WriteOptionalBoolean("encryption", attributes.Encryption);
    }

    public static void WriteLabels(this Utf8JsonWriter writer, IReadOnlyDictionary<string, string> labels) => writer.WriteLabels("labels", labels);

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

    public static void WritePage(this Utf8JsonWriter writer, int pageSize, string? pageToken)
    {
        writer.WriteNumber("pageSize", pageSize);
        writer.WriteOptionalString("pageToken", pageToken);
    }
}
