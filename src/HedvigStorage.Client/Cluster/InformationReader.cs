using System.Text.Json;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// Reads ClusterInformation by hand: its sizes may have fractions, which the message's own type does not take (source: Cinder reads any
/// number).
/// </summary>
internal static class InformationReader
{
    private const string Type = RequestTypes.ClusterInformation;
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB", "PB"];

    public static ClusterInformation Read(ResponseEnvelope envelope, IReadOnlyList<string> nodes)
    {
        if (envelope.Result is not { ValueKind: JsonValueKind.Object } result
            || Member(result, "capacity", JsonValueKind.Object) is not { } capacity)
        {
            throw AnswerReader.Unreadable(Type, "the member 'result.capacity' is missing");
        }

        return new ClusterInformation
        {
            Total = ReadSize(capacity, "total"),
            Used = ReadSize(capacity, "used"),
            Name = Member(result, "name", JsonValueKind.String)?.GetString(),
            Provisioned = ReadBytes(result, "provisionedBytes"),
            Overcommit = Member(result, "overcommit", JsonValueKind.Number)?.GetDouble(),
            Reserve = ReadBytes(result, "reserveBytes"),
            Free = ReadBytes(result, "freeBytes"),
            VolumeCount = Member(result, "volumeCount", JsonValueKind.Number) is { } count && count.TryGetInt32(out var volumes)
                ? volumes
                : null,
            Nodes = nodes,
            Healthy = !result.TryGetProperty("healthy", out var healthy) || healthy.ValueKind != JsonValueKind.False,
            Problems = Member(result, "problems", JsonValueKind.Array) is { } problems
                ? problems.EnumerateArray().Where(problem => problem.ValueKind == JsonValueKind.String)
                    .Select(problem => problem.GetString()!).ToArray()
                : [],
        };
    }

    public static ByteSize? ToSize(string? units, double value)
    {
        var power = Array.FindIndex(Units, unit => string.Equals(unit, units, StringComparison.OrdinalIgnoreCase));
        var bytes = power < 0 ? -1 : value * Math.Pow(1024, power);
        return bytes is >= 0 and < long.MaxValue ? new ByteSize((long)bytes) : null;
    }

    private static ByteSize ReadSize(JsonElement capacity, string name)
    {
        var size = Member(capacity, name, JsonValueKind.Object);
        var value = size is { } found ? Member(found, "value", JsonValueKind.Number)?.GetDouble() : null;
        var units = size is { } again ? Member(again, "units", JsonValueKind.String)?.GetString() : null;
        return value is { } number && ToSize(units, number) is { } bytes
            ? bytes
            : throw AnswerReader.Unreadable(Type, $"the member 'result.capacity.{name}' is not a valid size");
    }

    private static long? ReadBytes(JsonElement parent, string name) =>
        Member(parent, name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var bytes) && bytes >= 0 ? bytes : null;

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;
}
