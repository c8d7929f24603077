namespace HedvigStorage.Linux.Tests;

public sealed class KeyedLocksTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);
    private readonly KeyedLocks _locks = new();

    [Fact]
    public async Task Who_waits_for_a_key_gets_it_when_it_is_given_back()
    {
        var first = await _locks.TryEnterAsync("a", Timeout.InfiniteTimeSpan);
        var second = _locks.TryEnterAsync("a", Enough);
        Assert.False(second.IsCompleted);

        first!.Dispose();

        using var entered = await second;
        Assert.NotNull(entered);
    }

    [Fact]
    public async Task A_key_never_waits_for_another()
    {
        using var first = await _locks.TryEnterAsync("a", TimeSpan.Zero);
        using var other = await _locks.TryEnterAsync("b", TimeSpan.Zero);

        Assert.NotNull(other);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_leaves_the_key_to_others()
    {
        var first = await _locks.TryEnterAsync("a", TimeSpan.Zero);

        Assert.Null(await _locks.TryEnterAsync("a", TimeSpan.FromMilliseconds(1)));

        first!.Dispose();
        using var again = _locks.TryEnter("a");
        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_key_that_somebody_has_is_not_taken_at_once()
    {
        using (await _locks.TryEnterAsync("a", TimeSpan.Zero))
        {
            Assert.Null(_locks.TryEnter("a"));
        }

        using var free = _locks.TryEnter("a");
        Assert.NotNull(free);
        Assert.Null(_locks.TryEnter("a"));
    }
}
