using System.Text.Json.Serialization;

namespace HedvigStorage.Client.Docker;

/// <summary>How the Docker Engine API's messages are written and read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VersionMessage))]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(IdMessage))]
[JsonSerializable(typeof(WaitMessage))]
[JsonSerializable(typeof(UpdateMessage))]
[JsonSerializable(typeof(CreateContainerMessage))]
[JsonSerializable(typeof(ContainerMessage))]
[JsonSerializable(typeof(List<ContainerSummaryMessage>))]
[JsonSerializable(typeof(ImageMessage))]
[JsonSerializable(typeof(PullMessage))]
[JsonSerializable(typeof(DockerVolumeMessage))]
[JsonSerializable(typeof(VolumeListMessage))]
[JsonSerializable(typeof(CreateVolumeMessage))]
[JsonSerializable(typeof(NetworkMessage))]
[JsonSerializable(typeof(List<NetworkMessage>))]
[JsonSerializable(typeof(CreateNetworkMessage))]
[JsonSerializable(typeof(PluginMessage))]
[JsonSerializable(typeof(Dictionary<string, List<string>>))]
internal sealed partial class DockerJson : JsonSerializerContext
{
}
