namespace HedvigStorage.Docker;

/// <summary>When the engine starts a container again.</summary>
/// <param name="Name"><c>no</c>, <c>always</c>, <c>unless-stopped</c> or <c>on-failure</c>.</param>
/// <param name="MaximumRetryCount">How many times after failures; 0 is without limit; only with <c>on-failure</c>.</param>
public sealed record RestartPolicy(string Name, int MaximumRetryCount)
{
    /// <summary>Gets the policy that never starts it again.</summary>
    public static RestartPolicy No { get; } = new("no", 0);

    /// <summary>Reads <c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure</c> or <c>on-failure:5</c>.</summary>
    /// <param name="text">The policy.</param>
    /// <param name="policy">The policy read, or <see langword="null"/>.</param>
    public static bool TryParse(string? text, out RestartPolicy? policy)
    {
        var parts = (text ?? string.Empty).Trim().ToLowerInvariant().Split([':'], 2);
        var retries = 0;
        var valid = parts.Length == 1
            ? parts[0] is "no" or "always" or "unless-stopped" or "on-failure"
            : parts[0] is "on-failure" && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out retries);
        policy = valid ? new RestartPolicy(parts[0], retries) : null;
        return valid;
    }

    /// <summary>Writes the policy as <see cref="TryParse"/> reads it.</summary>
    public override string ToString() =>
        MaximumRetryCount == 0 ? Name : $"{Name}:{MaximumRetryCount.ToString(CultureInfo.InvariantCulture)}";
}
