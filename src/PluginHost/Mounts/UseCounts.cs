using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>Writes uses as a list, and reads the earlier form too: an object with a count for each ID.</summary>
internal sealed class UseCounts : JsonConverter<IReadOnlyList<UseCount>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<UseCount> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            return JsonSerializer.Deserialize(ref reader, StateJson.Default.UseCountArray) ?? [];
        }

        var uses = new List<UseCount>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var id = reader.GetString()!;
            _ = reader.Read();
            uses.Add(new UseCount(id, reader.GetInt32(), Engine: null));
        }

        return uses;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<UseCount> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, [.. value], StateJson.Default.UseCountArray);
}
