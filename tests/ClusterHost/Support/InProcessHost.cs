using HedvigStorage.Client.Cluster;
using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Startup;
using HedvigStorage.Hosting;
using HostCredential = HedvigStorage.ClusterHost.Sessions.StoredCredential;

namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A cluster host in this process, listening on a free port, and a client that is logged in.</summary>
internal sealed class InProcessHost : IHostSite
{
    private readonly TemporaryDirectory? _temporary;
    private readonly ClusterServer _server;

    private InProcessHost(ClusterServer server, string directory, HostCredential owner, TemporaryDirectory? temporary)
    {
        _server = server;
        Owner = owner;
        _temporary = temporary;
        Directory = directory;
        Client = new RestClient(server.Address);
    }

    public string Directory { get; }

    public HostCredential Owner { get; }

    public RestClient Client { get; }

    public Uri Address => _server.Address;

    InProcessHost IHostSite.Host => this;

    public static async Task<InProcessHost> StartAsync(string? directory = null, Func<HostOptions, HostOptions>? configure = null)
    {
        var temporary = directory is null ? new TemporaryDirectory() : null;
        directory ??= temporary!["data"];
        var options = new HostOptions
        {
            DataDirectory = directory,
            Listen = new Uri("http://127.0.0.1:0"),
            Reserve = 0,
            Log = TextWriter.Null,
        };
        options = options with { OpenEngine = Watch(options.OpenEngine) };
        options = configure?.Invoke(options) ?? options;
        var server = await ClusterServer.StartAsync(options);
        var owner = DataDirectory.ReadCredential(options.CredentialFile ?? Path.Combine(directory, "credential.json"));
        var host = new InProcessHost(server, directory, owner, temporary);
        await host.Client.LoginAsync(owner.UserName, owner.Password);
        return host;
    }

    private static Func<EngineSite, IStorageEngine> Watch(Func<EngineSite, IStorageEngine> open) => site => new WatchedEngine(open(site));

    /// <summary>Makes the product's own client, for the owner unless another is named.</summary>
    public HedvigCluster Connect(string? userName = null, string? password = null) => new(new ClusterConnection
    {
        Nodes = [Address],
        Credential = new HedvigStorage.Hosting.Credential(userName ?? Owner.UserName, password ?? Owner.Password),
    });

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _temporary?.Dispose();
    }
}
