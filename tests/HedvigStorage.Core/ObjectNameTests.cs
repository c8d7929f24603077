namespace HedvigStorage.Tests;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0volume")]
    [InlineData("volume-0b8a.img_1")]
    public void A_name_of_letters_digits_and_marks_is_valid(string name) => Assert.True(ObjectName.IsValid(name));

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        Assert.True(ObjectName.IsValid(new string('a', 255)));
        Assert.False(ObjectName.IsValid(new string('a', 256)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../etc")]
    [InlineData("a/b")]
    [InlineData("a\nb")]
    [InlineData("a\n")]
    [InlineData("-rf")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\0")]
    [InlineData("٣")]
    public void Any_other_name_is_refused_with_the_rule(string name)
    {
        var error = Assert.Throws<ClusterException>(() => ObjectName.Check("volume", name));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(ObjectName.Rule, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_long_name_is_cut_in_the_message() =>
        Assert.InRange(ObjectName.Describe("volume", new string('x', 100_000)).Length, 100, 400);
}
