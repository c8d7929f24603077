using HedvigStorage.Client.Docker;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

public sealed class DockerEndpointTests
{
    [Theory]
    [InlineData("unix:///run/a%20b.sock", "http://docker/", "/run/a b.sock")]
    [InlineData("npipe:////./pipe/docker_engine", "http://docker/", "docker_engine")]
    [InlineData("tcp://host", "http://host:2375/", null)]
    [InlineData("tcp://host:1234", "http://host:1234/", null)]
    [InlineData("https://host", "https://host:2376/", null)]
    public void An_address_says_where_requests_go(string address, string http, string? path)
    {
        var endpoint = DockerEndpoint.Parse(address, _ => null);

        Assert.Equal(new Uri(http), endpoint.Http);
        Assert.Equal(path, endpoint.Path);
    }

    [Fact]
    public void DOCKER_HOST_stands_in_for_an_address_and_TLS_has_its_own_port()
    {
        using var folder = new TemporaryDirectory();

        var endpoint = DockerEndpoint.Parse(null, name => name switch
        {
            "DOCKER_HOST" => "tcp://host",
            "DOCKER_TLS_VERIFY" => "1",
            "DOCKER_CERT_PATH" => folder.Path,
            _ => null,
        });

        Assert.Equal(new Uri("https://host:2376/"), endpoint.Http);
        Assert.Equal(folder.Path, endpoint.CertificateFolder);
    }

    [Theory]
    [InlineData("docker.sock")]
    [InlineData("ssh://host")]
    [InlineData("unix://")]
    [InlineData("tcp://host/path")]
    public void What_is_not_an_address_is_refused_with_examples(string address)
    {
        var error = Assert.Throws<ClusterException>(() => DockerEndpoint.Parse(address, _ => null));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains("unix:///var/run/docker.sock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_unreachable_and_named()
    {
        using var folder = new TemporaryDirectory();
        using var engine = new DockerEngineClient("unix://" + folder.File("none.sock"));

        var error = await Assert.ThrowsAsync<ClusterException>(() => engine.GetVersionAsync(CancellationToken.None));

        Assert.Equal(ErrorCode.Unreachable, error.Code);
        Assert.StartsWith($"No Docker Engine answers at unix://{folder.File("none.sock")}:", error.Message, StringComparison.Ordinal);
    }
}
