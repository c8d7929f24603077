using System.Diagnostics;

namespace HedvigStorage.Conformance.Parts;

/// <summary>Waits for what must come true, and fails with what was waited for.</summary>
internal static class Wait
{
    public static async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? TimeSpan.FromSeconds(60)))
            {
                throw new TimeoutException($"Waited {watch.Elapsed} for: {what}.");
            }

            await Task.Delay(20);
        }
    }
}
