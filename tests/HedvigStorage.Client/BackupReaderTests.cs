using System.Security.Cryptography;
using HedvigStorage.Client.Cluster;
using static HedvigStorage.Client.Tests.ScriptedCluster;

namespace HedvigStorage.Client.Tests;

/// <summary>A copy of the catalog as it arrives, and as it must not.</summary>
public sealed class BackupReaderTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 250).Select(number => (byte)number)];
    private readonly ScriptedCluster _server = new();
    private readonly HedvigCluster _cluster;

    public BackupReaderTests()
    {
        _cluster = _server.Connect();
        Make(Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)));
        Answer(offset => Content.AsSpan(offset, Math.Min(100, Content.Length - offset)).ToArray());
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task It_is_put_together_from_its_parts()
    {
        using var target = new MemoryStream();
        var backup = await _cluster.Administration.BackUpAsync(target, CancellationToken.None);
        Assert.Equal(Content, target.ToArray());
        Assert.Equal((Content.Length, 7), (backup.Bytes, backup.VolumeCount));
        Assert.Equal(
            ["""{"backup":"b","offset":0}""", """{"backup":"b","offset":100}""", """{"backup":"b","offset":200}"""],
            _server.SeenOf("ReadBackup").Select(request => request.Parameters.GetRawText()));
    }

    [Fact]
    public async Task One_that_ends_early_is_refused()
    {
        Answer(offset => offset == 0 ? Content[..100] : []);
        Assert.Contains("ends after 100 of 250 bytes", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_with_another_content_is_refused()
    {
        Answer(offset => new byte[Math.Min(100, Content.Length - offset)]);
        Assert.Contains("another checksum", await FailAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"bytes":250,"sha256":"x"}""", "result.backup")]
    [InlineData("""{"bytes":250,"backup":"b"}""", "result.sha256")]
    public async Task An_answer_that_lacks_something_is_refused(string answer, string missing)
    {
        _server.On("BackupCatalog", Ok(answer));
        Assert.Contains(missing, await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_without_content_is_refused()
    {
        _server.On("ReadBackup", Ok("{}"));
        Assert.Contains("result.content", await FailAsync(), StringComparison.Ordinal);
    }

    private void Make(int bytes, string sha256) => _server.On(
        "BackupCatalog", Ok($$"""{"backup":"b","bytes":{{bytes}},"sha256":"{{sha256}}","volumeCount":7,"commits":9}"""));

    private void Answer(Func<int, byte[]> part) => _server.On(
        "ReadBackup",
        request => Ok($$"""{"content":"{{Convert.ToBase64String(part(request.Parameters.GetProperty("offset").GetInt32()))}}"}"""));

    private async Task<string> FailAsync()
    {
        using var target = new MemoryStream();
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => _cluster.Administration.BackUpAsync(target, CancellationToken.None));
        Assert.Equal(ErrorCode.Protocol, error.Code);
        return error.Message;
    }
}
