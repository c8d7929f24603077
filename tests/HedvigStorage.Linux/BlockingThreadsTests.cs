namespace HedvigStorage.Linux.Tests;

public sealed class BlockingThreadsTests
{
    /// <summary>
    /// Work that hangs must never hold up other work as long as there may be another thread, whatever the moment at which it was given.
    /// </summary>
    [Fact]
    public async Task Work_behind_work_that_hangs_gets_a_thread_of_its_own()
    {
        for (var round = 0; round < 500; round++)
        {
            using var threads = new BlockingThreads(limit: 4);
            using var release = new ManualResetEventSlim();
            await threads.RunAsync(() => { });

            // Right after work has ended, its thread takes the next: whoever counts it as idle still lets the last of these wait.
            var hanging = Enumerable.Range(0, 3).Select(_ => threads.RunAsync(release.Wait)).ToArray();
            await threads.RunAsync(() => { }).WaitAsync(TimeSpan.FromSeconds(20));
            release.Set();
            await Task.WhenAll(hanging);
        }
    }

    [Fact]
    public async Task Work_beyond_the_limit_waits_for_a_thread_and_is_done_in_turn()
    {
        using var threads = new BlockingThreads(limit: 2);
        using var release = new SemaphoreSlim(0);
        var running = 0;
        var most = 0;
        var work = Enumerable.Range(0, 6).Select(_ => threads.RunAsync(() =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            release.Wait();
            _ = Interlocked.Decrement(ref running);
        })).ToArray();

        _ = release.Release(work.Length);
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task What_work_throws_is_its_callers_and_the_thread_goes_on()
    {
        using var threads = new BlockingThreads(limit: 1);

        var error = await Assert.ThrowsAsync<IOException>(() => threads.RunAsync(() => throw new IOException("gone")));

        Assert.Equal("gone", error.Message);
        Assert.Equal(7, await threads.RunAsync(() => 7));
    }

    [Fact]
    public async Task Work_that_was_given_before_the_end_is_done_and_none_is_taken_after()
    {
        var threads = new BlockingThreads(limit: 1);
        using var release = new ManualResetEventSlim();
        var first = threads.RunAsync(release.Wait);
        var second = threads.RunAsync(() => 7);

        threads.Dispose();

        release.Set();
        await first;
        Assert.Equal(7, await second);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => threads.RunAsync(() => { }));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            _ = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
