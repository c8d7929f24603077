using System.Text.Json.Serialization;

namespace HedvigStorage.Client.Docker;

/// <summary>How what the library reads in part or not at all of the Docker Engine API is read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorMessage))]
[JsonSerializable(typeof(PullMessage))]
[JsonSerializable(typeof(ContainerRest))]
[JsonSerializable(typeof(ImageRest))]
internal sealed partial class DockerJson : JsonSerializerContext
{
}
