using HedvigStorage.ClusterHost.Engines.Embedded;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class StorageThreadsTests
{
    /// <summary>Work that hangs must never hold up other work as long as there may be another thread, whatever the moment at which it was given.</summary>
    [Fact]
    public async Task Work_behind_work_that_hangs_gets_a_thread_of_its_own()
    {
        for (var round = 0; round < 500; round++)
        {
            using var threads = new StorageThreads(limit: 4);
            using var release = new ManualResetEventSlim();
            await threads.RunAsync(() => { });

            // Right after work has ended, its thread takes the next: whoever counts it as idle still lets the last of these wait.
            var hanging = Enumerable.Range(0, 3).Select(_ => threads.RunAsync(release.Wait)).ToArray();
            await threads.RunAsync(() => { }).WaitAsync(TimeSpan.FromSeconds(20));
            release.Set();
            await Task.WhenAll(hanging);
        }
    }
}
