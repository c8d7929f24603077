using HedvigStorage.Client.Docker;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

/// <summary>One Docker Engine for all tests that need a real one.</summary>
public sealed class DockerFixture : IAsyncLifetime
{
    public const string BusyboxImage = "busybox:test";

    public DockerDaemon? Daemon { get; private set; }

    public async Task InitializeAsync()
    {
        if (DockerDaemon.WhyNot() is null)
        {
            Daemon = await DockerDaemon.StartAsync(Directory.CreateTempSubdirectory("hv-docker-").FullName);
            await Daemon.ImportBusyboxAsync(BusyboxImage, "ENV FROM_IMAGE=yes", "LABEL origin=test", "USER 0");
        }
    }

    public async Task DisposeAsync()
    {
        if (Daemon is not null)
        {
            await Daemon.DisposeAsync();
        }
    }

    public DockerEngineClient Connect()
    {
        Skip.If(Daemon is null, DockerDaemon.WhyNot());
        return new DockerEngineClient(Daemon!.Address);
    }
}

/// <summary>Tests that share the engine.</summary>
[CollectionDefinition(Name)]
public sealed class RealDocker : ICollectionFixture<DockerFixture>
{
    public const string Name = "real Docker Engine";
}
