using FsCheck.Xunit;

namespace HedvigStorage.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("10GB", 10L << 30)]
    [InlineData("10GiB", 10L << 30)]
    [InlineData("10G", 10L << 30)]
    [InlineData("10 gb", 10L << 30)]
    [InlineData("512m", 512L << 20)]
    [InlineData("1.5TB", 3L << 39)]
    [InlineData("100kib", 100L << 10)]
    [InlineData("7PB", 7L << 50)]
    [InlineData("1024", 1024)]
    [InlineData("1024B", 1024)]
    [InlineData("0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Every_way_to_write_a_size_means_powers_of_1024(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("10XB")]
    [InlineData("GB")]
    [InlineData("ten")]
    [InlineData("10GBB")]
    [InlineData("10iB")]
    [InlineData("1e3")]
    [InlineData("10,5GB")]
    [InlineData("0x10")]
    public void What_is_not_a_size_is_refused_with_an_example(string text)
    {
        Assert.False(ByteSize.TryParse(text, out _, out var error));
        Assert.Contains($"'{text}'", error, StringComparison.Ordinal);
        Assert.Contains("10GB", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1GB", "negative")]
    [InlineData("8EB", "too large")]
    [InlineData("99999999999999999999GB", "too large")]
    [InlineData("0.3B", "whole number of bytes")]
    public void What_is_out_of_range_is_refused_and_said_so(string text, string reason)
    {
        Assert.False(ByteSize.TryParse(text, out _, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Property]
    public bool What_is_written_reads_back_as_the_same_size(long number)
    {
        var size = new ByteSize(number & long.MaxValue);
        return ByteSize.Parse(size.ToString()) == size;
    }

    [Fact]
    public void A_size_is_shown_to_people_with_one_decimal() => Assert.Equal("1.5 GB", ByteSize.FromMegabytes(1536).ToDisplayString());
}
