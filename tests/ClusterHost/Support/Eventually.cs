namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    public static Task TrueAsync(Func<bool> condition, string what, int seconds = 30) =>
        TrueAsync(() => Task.FromResult(condition()), what, seconds);

    public static Task TrueAsync(Func<Task<bool>> condition, string what, int seconds = 30) =>
        TrueAsync(condition, () => what, seconds);

    /// <summary>Waits, and has it said at the end what is not true.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> what, int seconds = 30)
    {
        var deadline = DateTime.UtcNow.AddSeconds(seconds);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"It did not come true within {seconds} s: {what()}");
            await Task.Delay(20);
        }
    }
}
