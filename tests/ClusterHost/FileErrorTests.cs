using HedvigStorage.ClusterHost.Images;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>What the errors of files say of both systems: .NET passes their own codes on.</summary>
public class FileErrorTests
{
    [Theory]
    [InlineData(28, ErrorCode.NoSpace, "is full")]
    [InlineData(122, ErrorCode.NoSpace, "is full")]
    [InlineData(unchecked((int)0x80070070), ErrorCode.NoSpace, "is full")]
    [InlineData(unchecked((int)0x80070027), ErrorCode.NoSpace, "is full")]
    [InlineData(unchecked((int)0x8007050F), ErrorCode.NoSpace, "is full")]
    [InlineData(unchecked((int)0x800700DF), ErrorCode.InvalidArgument, "no files of that size")]
    [InlineData(unchecked((int)0x80070299), ErrorCode.InvalidArgument, "no files of that size")]
    [InlineData(unchecked((int)0x80070020), ErrorCode.Busy, "open in another program")]
    [InlineData(5, ErrorCode.Internal, "cannot be used: it broke")]
    public void A_code_becomes_one_sentence_that_names_the_file(int code, ErrorCode expected, string words)
    {
        var error = Assert.Throws<ClusterException>(
            () => ImageFiles.Guard<bool>("/data/one.img", () => throw new IOException("it broke", code)));

        Assert.Equal(expected, error.Code);
        Assert.Contains("/data/one.img", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
