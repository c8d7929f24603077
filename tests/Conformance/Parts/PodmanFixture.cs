namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// One Podman with a site of its own for all tests of a class. Without root or Podman there is none, and the tests say so.
/// </summary>
public sealed class PodmanFixture : IAsyncLifetime
{
    private PodmanEngine? _podman;
    private Site? _site;

    public string? Missing { get; private set; }

    internal PodmanEngine Podman => _podman!;

    internal Site Site => _site!;

    public async Task InitializeAsync()
    {
        Missing = PodmanEngine.WhyNot();
        if (Missing is not null)
        {
            return;
        }

        _podman = await PodmanEngine.StartAsync();
        _site = await Site.StartClusterAsync(_podman.Address);
        await _site.StartPluginAsync();
        await _podman.ConfigureAsync(_site.Driver, $"/run/docker/plugins/{_site.Driver}.sock");
        await _podman.ServeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }

        if (_podman is not null)
        {
            await _podman.DisposeAsync();
        }
    }
}
