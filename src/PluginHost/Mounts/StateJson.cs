using System.Text.Json.Serialization;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>How the plugin host's state is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(CachedVolume))]
[JsonSerializable(typeof(UseCount[]))]
internal sealed partial class StateJson : JsonSerializerContext;
