namespace HedvigStorage.Tests;

/// <summary>What an engine mounts counts, not what it was asked for.</summary>
public sealed class MountCheckTests : IDisposable
{
    private const string Container = "{ 'name': 'db', 'image': 'app:1', 'mounts': [ { 'volume': 'data', 'target': '/data' } ] }";

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData("local", "data", "volume", "the volume 'data' of the driver 'local'")]
    [InlineData("hedvig", "other", "volume", "the volume 'other' of the driver 'hedvig'")]
    [InlineData(null, "/tmp/thrown-away", "bind", "a bind of '/tmp/thrown-away'")]
    public async Task A_container_that_would_write_elsewhere_is_never_started_and_the_step_fails(
        string? driver, string source, string type, string instead)
    {
        _site.Engine.Mounting = mount => mount with { Driver = driver, Source = source, Type = type };
        var report = await _site.ApplyContainersAsync(Container);

        Assert.Contains($"mounts {instead} at '/data'", DockerSite.ErrorOf(report), StringComparison.Ordinal);
        Assert.Contains("docker.volumes", DockerSite.ErrorOf(report), StringComparison.Ordinal);
        Assert.Empty(_site.Engine.Containers);
        Assert.DoesNotContain(_site.Engine.Changes, change => change.StartsWith("start", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_that_would_be_recreated_stays_as_it_is()
    {
        Assert.Null(DockerSite.ErrorOf(await _site.ApplyContainersAsync(Container)));
        var before = _site.Engine.Containers["db"].Id;
        _site.Engine.Mounting = mount => mount with { Driver = "local" };

        var report = await _site.ApplyContainersAsync(
            Container.Replace("'name'", "'recreate': true, 'user': 'x', 'name'", StringComparison.Ordinal));

        Assert.NotNull(DockerSite.ErrorOf(report));
        Assert.Equal(before, Assert.Single(_site.Engine.Containers.Values).Id);
        Assert.Equal("running", _site.Engine.Containers["db"].State);
    }

    [Fact]
    public async Task An_engine_that_tells_a_managed_plugins_driver_or_none_is_believed()
    {
        _site.Engine.Mounting = mount => mount with { Driver = null };
        Assert.Null(DockerSite.ErrorOf(await _site.ApplyContainersAsync(Container)));
    }
}
