using System.Text.Json;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>How far Ceph is with a clone of a subvolume.</summary>
/// <param name="IsComplete">Whether it is whole.</param>
/// <param name="HasFailed">Whether it has failed or was cancelled, and nothing will become of it.</param>
/// <param name="Error">The number of the error that it has failed with, positive.</param>
/// <param name="Reason">Why, in Ceph's words.</param>
internal sealed record CloneState(bool IsComplete, bool HasFailed, int Error, string? Reason)
{
    private const int InputOutput = 5;
    private const int Cancelled = 125;

    /// <summary>Reads what <c>fs clone status</c> answers; versions of Ceph before 16.2.14 do not tell why one has failed.</summary>
    public static CloneState Read(JsonElement status)
    {
        switch (status.GetProperty("state").GetString())
        {
            case "complete":
                return new CloneState(IsComplete: true, HasFailed: false, 0, null);
            case "canceled":
                return new CloneState(IsComplete: false, HasFailed: true, Cancelled, "somebody has cancelled it in Ceph");
            case "failed":
                var known = status.TryGetProperty("failure", out var failure);
                var error = known && int.TryParse(Text(failure, "errno"), CultureInfo.InvariantCulture, out var number) && number != 0
                    ? Math.Abs(number)
                    : InputOutput;
                return new CloneState(IsComplete: false, HasFailed: true, error, known ? Text(failure, "error_msg") : null);
            default:
                return new CloneState(IsComplete: false, HasFailed: false, 0, null);
        }
    }

    // Some versions write the number as a text.
    private static string? Text(JsonElement failure, string name) => failure.TryGetProperty(name, out var value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;
}
