using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>An answer of a volume driver.</summary>
/// <param name="Status">The HTTP status, 0 if the connection ended without an answer.</param>
/// <param name="Body">The body.</param>
internal sealed record DriverAnswer(int Status, JsonElement Body)
{
    /// <summary>Gets the error, empty if there is none.</summary>
    public string Error =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("Err", out var error)
            ? error.GetString() ?? string.Empty
            : string.Empty;

    public DriverAnswer ExpectSuccess()
    {
        Assert.True(Status == 200 && Error.Length == 0, $"answered with {Status}: {Error}");
        return this;
    }
}
