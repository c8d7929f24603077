using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Parts;

/// <summary>What became of one step of the driver, and what it logged meanwhile.</summary>
internal sealed class CinderAnswer(JsonNode answer)
{
    public JsonNode? Result => answer["result"];

    public string? Error => answer["error"]?.ToJsonString();

    public string Log { get; } = string.Join('\n', answer["log"]!.AsArray().Select(line => line!.GetValue<string>()));

    public CinderAnswer Succeeded()
    {
        Assert.True(Error is null, $"{Error}\n{Log}");
        return this;
    }

    /// <summary>Asserts that the driver refused with its one exception.</summary>
    public CinderAnswer Failed()
    {
        Assert.Equal("VolumeDriverException", answer["error"]?["type"]?.GetValue<string>());
        return this;
    }
}
