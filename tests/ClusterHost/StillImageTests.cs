using HedvigStorage.ClusterHost.Platforms.Linux;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Whoever writes an image while it is copied is known, whatever the moment.</summary>
public sealed class StillImageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Image => _directory["image"];

    public StillImageTests() => File.WriteAllText(Image, "content");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Who_opens_an_image_for_writing_while_it_is_copied_is_noticed_and_waits()
    {
        Task writer;
        using (var still = StillImage.Watch(Image))
        {
            still.Check();
            writer = Task.Factory.StartNew(
                () => File.AppendAllText(Image, " changed"),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            await Eventually.TrueAsync(() => IsBroken(still), "the writer is noticed");
            Assert.Equal("content", await File.ReadAllTextAsync(Image));
            Assert.False(writer.IsCompleted);
        }

        await writer.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("content changed", await File.ReadAllTextAsync(Image));
    }

    [Fact]
    public void An_image_that_is_open_for_writing_is_not_still()
    {
        using var file = File.OpenHandle(Image, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var error = Assert.Throws<ImageUnsettledException>(() => StillImage.Watch(Image));
        Assert.Contains("open for writing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_do_no_harm()
    {
        using var file = File.OpenHandle(Image, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var still = StillImage.Watch(Image);
        still.Check();
    }

    private static bool IsBroken(StillImage still)
    {
        try
        {
            still.Check();
            return false;
        }
        catch (ImageUnsettledException)
        {
            return true;
        }
    }
}
