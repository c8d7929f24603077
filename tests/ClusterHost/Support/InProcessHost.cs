using System;
using System.Threading.Tasks;
using HedvigStorage.ClusterHost.Hosting;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A cluster host in this process, listening on a free port, and a client that is logged in.</summary>
internal sealed class InProcessHost : IAsyncDisposable
{
    private readonly TemporaryDirectory? _temporary;
    private readonly ClusterServer _server;

    private InProcessHost(ClusterServer server, string directory, TemporaryDirectory? temporary)
    {
        _server = server;
        _temporary = temporary;
        Directory = directory;
        Client = new RestClient(server.Address);
    }

    public string Directory { get; }

    public RestClient Client { get; }

    public Uri Address => _server.Address;

    public static async Task<InProcessHost> StartAsync(string? directory = null, Func<HostOptions, HostOptions>? configure = null)
    {
        var temporary = directory is null ? new TemporaryDirectory() : null;
        directory ??= temporary!["data"];
        var options = new HostOptions { DataDirectory = directory, Listen = new Uri("http://127.0.0.1:0"), Reserve = 0 };
        options = configure?.Invoke(options) ?? options;
        var host = new InProcessHost(await ClusterServer.StartAsync(options), directory, temporary);
        var credential = DataDirectory.ReadCredential(options.CredentialFile ?? System.IO.Path.Combine(directory, "credential.json"));
        await host.Client.LoginAsync(credential.UserName, credential.Password);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _temporary?.Dispose();
    }
}
