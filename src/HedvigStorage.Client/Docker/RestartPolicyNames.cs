using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;

namespace HedvigStorage.Client.Docker;

/// <summary>The names of restart policies, of which the library's model has a closed list.</summary>
internal static class RestartPolicyNames
{
    private static readonly Dictionary<string, RestartPolicyKind> Kinds = new(StringComparer.Ordinal)
    {
        [string.Empty] = RestartPolicyKind.Undefined,
        ["no"] = RestartPolicyKind.No,
        ["always"] = RestartPolicyKind.Always,
        ["on-failure"] = RestartPolicyKind.OnFailure,
        ["unless-stopped"] = RestartPolicyKind.UnlessStopped,
    };

    /// <summary>Finds the library's word for a policy.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the library has none.</exception>
    public static RestartPolicyKind ToKind(string name) => Kinds.TryGetValue(name, out var kind)
        ? kind
        : throw new ClusterException(ErrorCode.InvalidArgument, $"'{ObjectName.Printable(name)}' is not a restart policy of Docker.");

    /// <summary>
    /// Takes a name that the library does not know out of an answer about a container: it would refuse the whole answer.
    /// What the container really has is read from the answer as it came.
    /// </summary>
    public static byte[] HideUnknown(byte[] answer)
    {
        var name = JsonSerializer.Deserialize(answer, DockerJson.Default.ContainerRest)?.HostConfig?.RestartPolicy?.Name;
        if (name is null || Kinds.ContainsKey(name))
        {
            return answer;
        }

        var container = JsonNode.Parse(answer)!;
        container["HostConfig"]!["RestartPolicy"]!["Name"] = string.Empty;
        return Encoding.UTF8.GetBytes(container.ToJsonString());
    }
}
