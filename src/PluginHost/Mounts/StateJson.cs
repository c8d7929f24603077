using System.Text.Json.Serialization;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>How the records of mounts are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(UseCount[]))]
internal sealed partial class StateJson : JsonSerializerContext;
