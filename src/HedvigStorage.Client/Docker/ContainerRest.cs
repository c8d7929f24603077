using System.Text.Json;
using System.Text.Json.Serialization;

namespace HedvigStorage.Client.Docker;

/// <summary>
/// What an engine answers about a container and the library's model lacks: restart policies that it does not know, and which settings there
/// are, those that it has no member for included. The library cannot be asked for an answer as it came, so the handler keeps that.
/// </summary>
internal sealed record ContainerRest(HostConfigRest? HostConfig);

/// <summary>The part of it that is about the host.</summary>
internal sealed record HostConfigRest
{
    public RestartPolicyRest? RestartPolicy { get; init; }

    /// <summary>Gets or sets all other settings, by the engine's names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

/// <summary>The restart policy as the engine calls it.</summary>
internal sealed record RestartPolicyRest(string? Name);
