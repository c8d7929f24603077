using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>What a client was answered, and how long it waited.</summary>
internal sealed record TimedAnswer(JsonObject Answer, TimeSpan Took)
{
    /// <summary>Gets what an answer takes at most that waits for no limit of Ceph's.</summary>
    public static TimeSpan AtOnce { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the error's code, or <see langword="null"/> of what has succeeded.</summary>
    public string? Code => Answer["code"]?.GetValue<string>();

    public string Message => Answer["message"]?.GetValue<string>() ?? string.Empty;

    public static async Task<TimedAnswer> OfAsync(Func<Task<JsonObject>> call)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = await call();
        return new TimedAnswer(answer, Stopwatch.GetElapsedTime(begun));
    }

    public void Succeeds() => Assert.True(Answer["status"]!.GetValue<string>() == "ok", ToString());

    /// <summary>Expects a failure with a code, a text in its message, and within a time.</summary>
    public void Fails(string code, string told, TimeSpan within)
    {
        Assert.True(Code == code, ToString());
        Assert.Contains(told, Message, StringComparison.Ordinal);
        Assert.True(Took < within, ToString());
    }

    public override string ToString() => $"After {Took.TotalSeconds:0.0} s: {Answer.ToJsonString()}";
}
