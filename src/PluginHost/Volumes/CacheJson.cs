using System.Text.Json.Serialization;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>How the volumes that the cluster told last are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CachedVolume))]
internal sealed partial class CacheJson : JsonSerializerContext;
