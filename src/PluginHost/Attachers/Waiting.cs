namespace HedvigStorage.PluginHost.Attachers;

/// <summary>Waits for what the kernel tells only to who asks.</summary>
internal static class Waiting
{
    private const int LongestPause = 200;

    /// <summary>Asks again and again, ever less often. It blocks.</summary>
    /// <param name="done">Tells whether it is done.</param>
    /// <param name="limit">How long to go on.</param>
    /// <returns>Whether it was done in time.</returns>
    public static bool Until(Func<bool> done, TimeSpan limit)
    {
        var until = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        for (var pause = 1; !done(); pause = Math.Min(pause * 2, LongestPause))
        {
            if (Environment.TickCount64 >= until)
            {
                return false;
            }

            Thread.Sleep(pause);
        }

        return true;
    }
}
