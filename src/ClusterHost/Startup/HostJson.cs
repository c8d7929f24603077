using System.Text.Json;
using System.Text.Json.Serialization;
using HedvigStorage.ClusterHost.Sessions;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>How the host's own files are written and read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StoredCredential))]
[JsonSerializable(typeof(RunFile))]
internal sealed partial class HostJson : JsonSerializerContext;
