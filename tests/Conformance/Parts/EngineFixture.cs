namespace HedvigStorage.Conformance.Parts;

/// <summary>
/// One Docker Engine for all tests: that of <c>DOCKER_HOST</c>, or one of its own. Without root or dockerd there is none, and the tests say
/// so.
/// </summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private DockerDaemon? _daemon;

    public string? Missing { get; private set; }

    public string DockerHost { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        Missing = DockerDaemon.WhyNot();
        if (Missing is not null)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
        {
            DockerHost = host;
        }
        else
        {
            // Short, for a socket's path must be.
            _daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hvd-").FullName);
            DockerHost = _daemon.Address;
        }

        await TestImages.EnsureBusyboxAsync(DockerHost);
    }

    public async Task DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}

/// <summary>Tests that share the engine run one class after the other.</summary>
[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>, ICollectionFixture<ManagedPluginFixture>
{
    public const string Name = "engine";
}
