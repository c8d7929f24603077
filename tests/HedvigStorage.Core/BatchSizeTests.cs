using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

public sealed class BatchSizeTests
{
    // A request has 100 seconds, and ten are under way at once.
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(100);

    [Fact]
    public void As_long_as_answers_come_soon_more_go_together_up_to_a_limit()
    {
        var size = new BatchSize();
        for (var answers = 0; answers < 10; answers++)
        {
            size.Note(size.Current, TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal(BatchSize.Most, size.Current);
    }

    [Fact]
    public void An_answer_to_fewer_than_could_have_gone_says_nothing_about_more()
    {
        var size = new BatchSize();
        size.Note(1, TimeSpan.FromMilliseconds(1));
        Assert.Equal(BatchSize.First, size.Current);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1000)]
    public void However_slow_a_cluster_is_its_answers_come_in_time(double volumesPerSecond)
    {
        var size = new BatchSize();
        for (var answers = 0; answers < 20; answers++)
        {
            // The tenth of ten requests that the cluster works off one after the other.
            var elapsed = TimeSpan.FromSeconds(10 * size.Current / volumesPerSecond);
            Assert.True(elapsed <= RequestTime || size.Current == 1 || answers == 0, $"{size.Current} volumes take {elapsed}.");
            size.Note(size.Current, elapsed);
        }
    }

    [Fact]
    public void A_cluster_that_is_fast_again_is_asked_for_more_again()
    {
        var size = new BatchSize();
        size.Note(25, TimeSpan.FromSeconds(90));
        Assert.Equal(1, size.Current);
        size.Note(1, TimeSpan.FromMilliseconds(300));
        size.Note(2, TimeSpan.FromMilliseconds(300));
        Assert.Equal(4, size.Current);
    }
}
