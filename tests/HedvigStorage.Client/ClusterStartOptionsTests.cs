using HedvigStorage.Hosting;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

public sealed class ClusterStartOptionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static ClusterHostOptions Public { get; } = new()
    {
        Name = "site",
        Listen = new Uri("https://0.0.0.0:7443"),
        Overcommit = 1.5,
        Reserve = ByteSize.FromGigabytes(2),
        TlsCertificate = "/etc/site/node.pem",
        TlsKey = "/etc/site/node.key",
        Advertise = "node1:7443",
        Metrics = "off",
        LogFormat = "json",
        LogLevel = "debug",
        Engine = "ceph",
        CephConfiguration = "/etc/site/ceph.conf",
        CephUser = "site",
        CephPool = "site",
    };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_is_read()
    {
        var options = new ClusterStartOptions(_directory.File("start.json"));
        Assert.Null(options.Read());

        options.Write(Public);
        options.Write(Public with { AllowPlainHttp = true });

        Assert.Equal(Public with { AllowPlainHttp = true }, options.Read());
        Assert.Single(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_start_that_says_nothing_is_like_the_one_before() =>
        Assert.Equal(Public, ClusterStartOptions.Merge(new ClusterHostOptions(), Public));

    [Fact]
    public void What_is_said_goes_before_what_was_said()
    {
        var merged = ClusterStartOptions.Merge(new ClusterHostOptions { Name = "other", Overcommit = 0 }, Public);

        Assert.Equal(Public with { Name = "other", Overcommit = 0 }, merged);
    }

    [Fact]
    public void A_plain_address_leaves_the_certificate_behind()
    {
        var merged = ClusterStartOptions.Merge(new ClusterHostOptions { Listen = new Uri("http://127.0.0.1:7080") }, Public);

        Assert.Null(merged.TlsCertificate);
        Assert.Null(merged.TlsKey);
    }

    [Fact]
    public void Another_engine_leaves_the_Ceph_cluster_behind()
    {
        var merged = ClusterStartOptions.Merge(new ClusterHostOptions { Engine = "embedded" }, Public);

        Assert.Null(merged.CephConfiguration);
        Assert.Null(merged.CephUser);
        Assert.Null(merged.CephPool);
        Assert.Equal(
            Public with { CephUser = "other" }, ClusterStartOptions.Merge(new ClusterHostOptions { CephUser = "other" }, Public));
    }

    [Fact]
    public void Leave_for_plain_http_is_for_the_address_that_it_was_given_for()
    {
        var before = new ClusterHostOptions { Listen = new Uri("http://10.0.0.1:7080"), AllowPlainHttp = true };

        Assert.True(ClusterStartOptions.Merge(new ClusterHostOptions(), before).AllowPlainHttp);
        Assert.False(ClusterStartOptions.Merge(new ClusterHostOptions { Listen = new Uri("http://10.0.0.2:7080") }, before).AllowPlainHttp);
    }

    [Fact]
    public void A_file_that_is_broken_is_named_and_not_overlooked()
    {
        var path = _directory.File("start.json");
        File.WriteAllText(path, """{ "name": """);

        var error = Assert.Throws<ClusterException>(() => new ClusterStartOptions(path).Read());

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }
}
