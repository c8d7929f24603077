using HedvigStorage.Docker;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Tests;

public sealed class ManagedPluginSettingsTests
{
    private static readonly DockerPluginSettings Asked = new()
    {
        Name = "hedvig",
        Cluster = "http://127.0.0.1:1,http://127.0.0.1:2",
        CredentialFile = "/etc/credential.json",
        StateDirectory = "/srv/state",
        DataDirectory = "/srv/data",
        Host = "web1",
        SkipCertificateCheck = true,
        OnlineGrowth = true,
    };

    [Fact]
    public void What_the_engine_is_given_is_read_from_it_again()
    {
        var settings = ManagedPluginSettings.Resolve(Asked, present: null);
        var bare = ManagedPluginSettings.Resolve(
            Asked with { DataDirectory = null, Host = null, SkipCertificateCheck = false, OnlineGrowth = null }, present: null);

        Assert.Equal(settings, ManagedPluginSettings.Read(AsEngineTells(settings)));
        Assert.Equal(bare, ManagedPluginSettings.Read(AsEngineTells(bare)));
        Assert.NotEqual(settings, bare);
    }

    [Fact]
    public void The_folder_of_images_is_at_the_path_that_the_cluster_tells()
    {
        var mount = ManagedPluginSettings.Resolve(Asked, present: null)
            .ToConfiguration().Mounts.Single(mount => mount.Name == ManagedPluginConfiguration.DataMount);

        Assert.Equal(("/srv/data", "/srv/data"), (mount.Source, mount.Destination));
    }

    [Theory]
    [InlineData(true, new[] { "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_RESOURCE" })]
    [InlineData(false, new[] { "CAP_SYS_ADMIN", "CAP_SYS_PTRACE" })]
    [InlineData(null, new[] { "CAP_SYS_ADMIN", "CAP_SYS_PTRACE" })]
    public void The_right_to_grow_a_mounted_file_system_is_asked_for_only_where_that_is_wanted(bool? wanted, string[] capabilities) =>
        Assert.Equal(
            capabilities,
            ManagedPluginSettings.Resolve(Asked with { OnlineGrowth = wanted }, present: null).ToConfiguration().Linux.Capabilities);

    [Fact]
    public void Options_that_the_engine_was_given_for_the_plugin_are_kept_and_the_known_ones_stand_once()
    {
        var plugin = AsEngineTells(ManagedPluginSettings.Resolve(Asked, present: null)) with
        {
            Arguments = ["--remove", "Any", "--host", "web2", "--lease", "60"],
        };

        var read = ManagedPluginSettings.Read(plugin)!;
        var next = ManagedPluginSettings.Resolve(Asked with { Host = null }, read);

        Assert.Equal(("web2", false), (read.Host, read.SkipCertificateCheck));
        Assert.Equal(["--host", "web2", "--skip-certificate-check", "--remove", "Any", "--lease", "60"], next.ToConfiguration().Args.Value);
    }

    [Fact]
    public void What_only_a_managed_plugin_has_stays_as_it_is_unless_it_is_asked_for()
    {
        var present = ManagedPluginSettings.Resolve(Asked, present: null);

        var next = ManagedPluginSettings.Resolve(
            new DockerPluginSettings
            {
                Name = "hedvig",
                Cluster = Asked.Cluster,
                CredentialFile = Asked.CredentialFile,
                SkipCertificateCheck = true,
            },
            present);

        Assert.Equal(present, next);
    }

    [Theory]
    [InlineData("/run/x.sock", null)]
    [InlineData(null, "/srv/mounts")]
    public void A_socket_or_a_folder_for_mounts_is_refused(string? socket, string? mountRoot)
    {
        var error = Assert.Throws<ClusterException>(
            () => ManagedPluginSettings.Resolve(Asked with { Socket = socket, MountRoot = mountRoot }, present: null));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public void Another_plugin_is_not_taken_for_ours() =>
        Assert.Null(ManagedPluginSettings.Read(new EnginePlugin { Id = "1", Name = "hedvig", EntryPoint = ["/another"] }));

    private static EnginePlugin AsEngineTells(ManagedPluginSettings settings)
    {
        var configuration = settings.ToConfiguration();
        return new EnginePlugin
        {
            Id = "1",
            Name = settings.Name,
            EntryPoint = configuration.Entrypoint,
            Arguments = configuration.Args.Value,
            Environment = configuration.Env.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
            Capabilities = configuration.Linux.Capabilities,
            Mounts = configuration.Mounts.Select(mount => new EnginePluginMount(mount.Name, mount.Source, mount.Destination)).ToArray(),
        };
    }
}
