using System.Text.Json.Serialization;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>A user and the password, as a credential file holds them.</summary>
internal sealed record Credential(string UserName, string Password);

/// <summary>How the host's own files are written and read.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Credential))]
[JsonSerializable(typeof(Hosting.RunFile))]
internal sealed partial class HostJson : JsonSerializerContext
{
}
