using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.Protocol;

/// <summary>How the protocol's messages are written and read, without reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = false)]
[JsonSerializable(typeof(ResponseEnvelope))]
[JsonSerializable(typeof(List<ItemResult>))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(LoginResult))]
[JsonSerializable(typeof(ClusterInformationResult))]
[JsonSerializable(typeof(VirtualDiskDetailsResult))]
[JsonSerializable(typeof(CapabilitiesResult))]
[JsonSerializable(typeof(VolumesResult))]
[JsonSerializable(typeof(VolumeResult))]
[JsonSerializable(typeof(SnapshotsResult))]
[JsonSerializable(typeof(PoliciesResult))]
[JsonSerializable(typeof(PolicyResult))]
[JsonSerializable(typeof(AttachResult))]
[JsonSerializable(typeof(FenceResult))]
[JsonSerializable(typeof(AttachmentsResult))]
[JsonSerializable(typeof(List<TargetMessage>))]
[JsonSerializable(typeof(TargetResult))]
[JsonSerializable(typeof(LunResult))]
[JsonSerializable(typeof(MountResult))]
[JsonSerializable(typeof(List<TargetAccessMessage>))]
[JsonSerializable(typeof(InitiatorMessage))]
[JsonSerializable(typeof(InitiatorsResult))]
[JsonSerializable(typeof(AccessListResult))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(RequestSize))]
[JsonSerializable(typeof(AddUserResult))]
[JsonSerializable(typeof(UsersResult))]
[JsonSerializable(typeof(UserResult))]
[JsonSerializable(typeof(AuditEventsResult))]
[JsonSerializable(typeof(HealthResult))]
[JsonSerializable(typeof(BackupResult))]
[JsonSerializable(typeof(BackupPartResult))]
public sealed partial class ProtocolJson : JsonSerializerContext
{
}
