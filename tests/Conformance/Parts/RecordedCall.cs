using System.Text.Json;

namespace HedvigStorage.Conformance.Parts;

/// <summary>A call of an engine to a plugin host, and what came back.</summary>
/// <param name="Engine">The process that called.</param>
/// <param name="Call">The call, such as <c>Mount</c>.</param>
/// <param name="Body">What was sent.</param>
/// <param name="Status">The answer's HTTP status; 0 while there is none.</param>
/// <param name="Answer">The answer.</param>
internal sealed record RecordedCall(int Engine, string Call, string Body, int Status, string Answer)
{
    /// <summary>Gets the volume that the call is about; empty if it is about none.</summary>
    public string Volume => Member(Body, "Name");

    /// <summary>Gets the mount ID.</summary>
    public string Id => Member(Body, "ID");

    /// <summary>Gets the error that was answered; empty if there was none.</summary>
    public string Error => Member(Answer, "Err");

    public string Mountpoint => Member(Answer, "Mountpoint");

    public override string ToString() => $"{Engine} {Call} {Body.Trim()} -> {Status} {Answer.Trim()}";

    private static string Member(string json, string name)
    {
        if (json.Length == 0)
        {
            return string.Empty;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var member)
            ? member.GetString() ?? string.Empty
            : string.Empty;
    }
}
