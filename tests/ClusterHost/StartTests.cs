using System.Net.Sockets;
using HedvigStorage.ClusterHost.Startup;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Data => _directory["data"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--bogus")]
    [InlineData("--listen", "nonsense")]
    [InlineData("--listen", "http://0.0.0.0:7080")]
    [InlineData("--listen", "https://127.0.0.1:7080")]
    [InlineData("--overcommit", "-1")]
    [InlineData("--overcommit", "much")]
    [InlineData("--listen", "http://0.0.0.0:7080", "--tls-cert", "c", "--tls-key", "k")]
    [InlineData("--listen", "http://127.0.0.1:7080", "--tls-cert", "c", "--tls-key", "k")]
    [InlineData("--listen", "https://127.0.0.1:7080", "--tls-cert", "c")]
    [InlineData("--tls-key", "k")]
    [InlineData("--log-format", "xml")]
    [InlineData("--log-level", "loud")]
    [InlineData("--metrics", "friends")]
    [InlineData("--engine", "zfs")]
    [InlineData("--ceph-user", "hedvig")]
    [InlineData("--ceph-conf", "/etc/ceph/ceph.conf", "--engine", "embedded")]
    [InlineData("--engine", "ceph", "--ceph-pool", "h/v")]
    [InlineData("--engine", "ceph", "--ceph-pool", "-hv")]
    [InlineData("--engine", "ceph", "--ceph-pool", "a-name-that-is-too-long")]
    [InlineData("--engine", "ceph", "--ceph-user", "client.hedvig")]
    [InlineData("--engine", "ceph", "--ceph-user", "")]
    [InlineData("--reserve", "10XB")]
    [InlineData("--name", "a/b")]
    public void Wrong_usage_is_one_line_and_status_64(params string[] arguments)
    {
        var (status, output, error) = Shell.Try(HostProcess.Program, ["--data", Data, .. arguments]);
        Assert.Equal(64, status);
        Assert.Empty(output);
        AssertOneLine(error);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public void Without_a_data_directory_the_usage_is_wrong()
    {
        var (status, _, error) = Shell.Try(HostProcess.Program);
        Assert.Equal(64, status);
        AssertOneLine(error);
        Assert.Contains("--data", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_and_version_are_told()
    {
        Assert.Contains("--overcommit", Shell.Run(HostProcess.Program, "--help"), StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+\s*$", Shell.Run(HostProcess.Program, "--version"));
    }

    [Fact]
    public void A_port_in_use_is_one_line_and_changes_nothing()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        var error = AssertFails("--listen", address);
        Assert.Contains(address, error, StringComparison.Ordinal);
        Assert.Contains("in use", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_directory_that_another_host_serves_is_refused()
    {
        await using var host = await HostProcess.StartAsync(Data);
        Assert.Contains("another hv-cluster", AssertFails(), StringComparison.Ordinal);
        await host.Client.OkAsync("ListVolumes");
    }

    [Fact]
    public void A_catalog_of_another_version_is_refused_and_not_touched()
    {
        _ = Directory.CreateDirectory(Data);
        var catalog = Path.Combine(Data, "catalog.db");
        using (var connection = new SqliteConnection($"Data Source={catalog};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t (x); PRAGMA user_version = 99;";
            command.ExecuteNonQuery();
        }

        var before = File.ReadAllBytes(catalog);
        Assert.Contains("99", AssertFails(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(catalog));
        Assert.False(File.Exists(Path.Combine(Data, "credential.json")));
    }

    [Fact]
    public void A_file_that_is_not_a_catalog_is_refused()
    {
        _ = Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "catalog.db"), new string('x', 5000));
        Assert.Contains("catalog", AssertFails(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_with_other_things_is_refused_and_not_touched()
    {
        _ = Directory.CreateDirectory(Data, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(Data, "mine"), "mine");
        Assert.Contains("holds other things", AssertFails(), StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(Data));
        Assert.Single(Directory.GetFileSystemEntries(Data));
    }

    [SkippableFact]
    public void A_directory_without_permission_is_refused()
    {
        Skip.IfNot(Shell.IsRoot, "Changing the user needs root.");
        _ = Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var program = new OpenProgram();
        var (status, _, error) = Shell.Try(
            "setpriv",
            [.. UnprivilegedTests.AsNobody, program.Path, "--data", Path.Combine(Data, "inner"), "--listen", "http://127.0.0.1:0"]);
        Assert.Equal(1, status);
        AssertOneLine(error);
        Assert.Contains("permission denied", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not json secret")]
    [InlineData("""{"userName":"x"}""")]
    public void A_credential_file_that_cannot_be_read_is_refused(string? content)
    {
        var file = _directory["credential"];
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        var error = AssertFails("--credential-file", file);
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_credential_file_names_the_admin_and_is_read_again_at_each_start()
    {
        var file = _directory["credential"];
        foreach (var password in new[] { "one", "two" })
        {
            await File.WriteAllTextAsync(file, $$"""{"userName":"boss","password":"{{password}}"}""");
            await using var host = await ClusterServer.StartAsync(
                new HostOptions { DataDirectory = Data, Listen = new Uri("http://127.0.0.1:0"), CredentialFile = file });
            using var client = new RestClient(host.Address);
            await client.LoginAsync("boss", password);
            await client.OkAsync("ListVolumes");
        }

        Assert.False(File.Exists(Path.Combine(Data, "credential.json")));
    }

    [Fact]
    public async Task The_files_of_the_directory_are_the_users_only_and_the_run_file_goes_at_the_end()
    {
        await using var host = await HostProcess.StartAsync(Data);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Data, "credential.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        Assert.True(File.Exists(Path.Combine(Data, "run.json")));
        Assert.Equal(0, await host.StopAsync());
        Assert.False(File.Exists(Path.Combine(Data, "run.json")));
    }

    private string AssertFails(params string[] arguments)
    {
        var (status, output, error) = Shell.Try(HostProcess.Program, ["--data", Data, .. arguments.Length > 0 && arguments[0] is "--listen" ? [] : new[] { "--listen", "http://127.0.0.1:0" }, .. arguments]);
        Assert.Equal(1, status);
        Assert.Empty(output);
        AssertOneLine(error);
        return error;
    }

    private static void AssertOneLine(string error)
    {
        Assert.StartsWith("hv-cluster: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }
}
