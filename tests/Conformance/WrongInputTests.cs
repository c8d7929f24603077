using System.Net;
using System.Net.Sockets;

namespace HedvigStorage.Conformance;

/// <summary>Wrong input gets one clear error and the right status, and changes nothing.</summary>
public sealed class WrongInputTests : IAsyncLifetime
{
    private ClusterFolder _cluster = null!;

    private string Folder => _cluster.Folder;

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFolder.StartAsync();
        (await HvAsync("apply", Document("""{ "volumes": [ { "name": "there", "size": "1GB" } ] }"""))).Expect(0);
    }

    public Task DisposeAsync() => _cluster.DisposeAsync().AsTask();

    [Theory]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "0" } ] }""", "size of 0")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "-1GB" } ] }""", "'-1GB' is negative")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "10XB" } ] }""", "'10XB' is not a size")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "7EB" } ] }""", "7EB")]
    [InlineData("""{ "volumes": [ { "name": "a/b", "size": "1GB" } ] }""", "'a/b' is not valid")]
    [InlineData("""{ "volumes": [ { "name": "..", "size": "1GB" } ] }""", "'..' is not valid")]
    [InlineData("""{ "volumes": [ { "name": "a\nb", "size": "1GB" } ] }""", "not valid")]
    [InlineData("""{ "volumes": [ { "name": "LONG", "size": "1GB" } ] }""", "256 bytes")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "polcy": "x" } ] }""", "Did you mean 'policy'?")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "policy": "nowhere" } ] }""", "nowhere")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "encryption": true } ] }""", "Run setkmsinfo command")]
    [InlineData("""{ "volumes": [ { "name": "there", "size": "512MB" } ] }""", "never shrinks")]
    [InlineData("""{ "volumes": [ { "name": "there", "size": "1GB", "fileSystem": "xfs" } ] }""", "Allow it to go on")]
    [InlineData("""{ "volumes": [ { "name": "a" """, "line 1")]
    [InlineData("""{ "volumes": [], "volumes": [] }""", "volumes")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "description": "x\u001b[2Jy" } ] }""", "control character \\u001b at "
        + "position 2")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "description": "x\ry" } ] }""", "control character \\u000d at position 2")]
    [InlineData("", "line 1")]
    public async Task A_wrong_document_is_one_error_and_status_1(string json, string expected)
    {
        var ended = await HvAsync("apply", Document(json.Replace("LONG", new string('x', 256), StringComparison.Ordinal)));
        AssertOneError(ended, 1, expected);
        await AssertUnchangedAsync();
    }

    [Theory]
    [InlineData("plam", "Did you mean 'plan'?")]
    [InlineData("plan", "FILE")]
    [InlineData("plan a.json --jason", "--jason")]
    [InlineData("apply a.json --cluster", "--cluster")]
    [InlineData("cluster", "cluster")]
    [InlineData("cluster restart", "restart")]
    [InlineData("cluster start --overcommit lots", "lots")]
    public async Task Wrong_usage_is_one_error_and_status_64(string arguments, string expected) =>
        AssertOneError(await HvAsync(arguments.Split(' ')), 64, expected);

    [Theory]
    [InlineData("plan nowhere.json", "nowhere.json")]
    [InlineData("plan /", "'/'")]
    [InlineData("plan x.psd1", "Compare-HvConfiguration")]
    [InlineData("plan GOOD --credential-file nowhere.json", "nowhere.json")]
    [InlineData("plan GOOD --credential-file WRONG", "password")]
    [InlineData("plan GOOD --credential-file BROKEN", "BROKEN.json")]
    [InlineData("plan GOOD --cluster 127.0.0.1:7080", "http://127.0.0.1:7080")]
    [InlineData("plan GOOD --cluster http://127.0.0.1:1 --credential-file WRONG", "127.0.0.1:1")]
    [InlineData("plan GOOD --cluster http://127.0.0.1:1", "--credential-file")]
    [InlineData("cluster start --data /proc/nowhere", "/proc/nowhere")]
    [InlineData("cluster start --data other --listen http://0.0.0.0:0", "0.0.0.0")]
    [InlineData("cluster start --data other --reserve 10XB", "'10XB' is not a size")]
    [InlineData("cluster status --data other", "")]
    public async Task What_cannot_be_done_is_one_error_and_status_1(string arguments, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "GOOD.json"), """{ "volumes": [ { "name": "there", "size": "1GB" } ] }""");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "WRONG.json"), """{ "userName": "HedvigAdmin", "password": "hunter2hunter2" }""");
        await File.WriteAllTextAsync(Path.Combine(Folder, "BROKEN.json"), """{ "userName": 5 }""");
        var ended = await HvAsync(
            arguments.Split(' ').Select(argument => argument is "GOOD" or "WRONG" or "BROKEN" ? argument + ".json" : argument).ToArray());
        if (expected.Length == 0)
        {
            _ = ended.Expect(1);
            return;
        }

        AssertOneError(ended, 1, expected);
        Assert.DoesNotContain("hunter2", ended.Errors + ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan LATIN.json", "is not UTF-8 text: the byte at position 28")]
    [InlineData("plan GOOD.json --credential-file SECRET.json", "is not UTF-8 text")]
    [InlineData("plan GOOD.json --cluster http://127.0.0.1:1", "environment variable HV_PASSWORD is not UTF-8 text")]
    public async Task Bytes_that_are_not_text_are_one_error_and_not_other_letters(string arguments, string expected)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "GOOD.json"), """{ "volumes": [ { "name": "there", "size": "1GB" } ] }""");
        await File.WriteAllBytesAsync(Path.Combine(Folder, "LATIN.json"), [.. """{ "volumes": [], "name": "K"""u8, 0xF6, .. "ln\" }"u8]);
        await File.WriteAllBytesAsync(
            Path.Combine(Folder, "SECRET.json"), [.. """{ "userName": "HedvigAdmin", "password": "s"""u8, 0xFC, .. "ss\" }"u8]);

        // .NET gives a child UTF-8 only.
        var ended = await Programs.RunAsync(
            "sh", Folder, environment: null, "-c", $"HV_USER=me HV_PASSWORD=$(printf 's\\374ss') exec {Programs.Path("hv")} {arguments}");
        AssertOneError(ended, 1, expected);
    }

    [Fact]
    public async Task A_document_in_UTF_16_as_Windows_PowerShell_writes_it_is_read()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "wide.json"), """{ "volumes": [ { "name": "there", "size": "1GB" } ] }""", System.Text.Encoding.Unicode);
        (await HvAsync("test", "wide.json")).Expect(0);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_error_that_names_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        AssertOneError(await HvAsync("cluster", "start", "--data", "other", "--listen", $"http://127.0.0.1:{port}"), 1, port);
    }

    [Fact]
    public async Task A_second_cluster_on_the_same_data_is_refused_by_the_host_itself()
    {
        var ended = await Programs.RunAsync(
            Programs.Path("hv-cluster"), Folder, environment: null, "--data", ".hedvig/cluster", "--listen", "http://127.0.0.1:0");
        AssertOneError(ended, 1, "cluster");
    }

    [Fact]
    public async Task A_data_directory_of_another_version_is_refused_and_left_alone()
    {
        (await HvAsync("cluster", "start", "--data", "other", "--listen", "http://127.0.0.1:0")).Expect(0);
        (await HvAsync("cluster", "stop", "--data", "other")).Expect(0);
        var catalog = Directory.GetFiles(Path.Combine(Folder, "other"), "*.db").Single();
        await using (var stream = File.OpenWrite(catalog))
        {
            // SQLite's file format keeps user_version, big-endian, at offset 60.
            stream.Position = 60;
            stream.Write([0, 0, 3, 231]);
        }

        // Whoever wrote it made checksums of it, in a way of its own.
        File.Delete(Path.ChangeExtension(catalog, ".sums"));
        var before = await File.ReadAllBytesAsync(catalog);
        AssertOneError(await HvAsync("cluster", "start", "--data", "other", "--listen", "http://127.0.0.1:0"), 1, "999");
        Assert.Equal(before, await File.ReadAllBytesAsync(catalog));
    }

    [Fact]
    public async Task Json_errors_are_json()
    {
        var ended = (await HvAsync("plan", "nowhere.json", "--json")).Expect(1);
        using var document = System.Text.Json.JsonDocument.Parse(ended.Output);
        Assert.Equal(
            ("error", "NotFound"),
            (document.RootElement.GetProperty("type").GetString(), document.RootElement.GetProperty("code").GetString()));
    }

    private static void AssertOneError(Ended ended, int status, string expected)
    {
        _ = ended.Expect(status);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", ended.Errors, StringComparison.Ordinal);
        Assert.InRange(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 2);
    }

    private Task<Ended> HvAsync(params string[] arguments) => _cluster.HvAsync(arguments);

    private async Task AssertUnchangedAsync() =>
        Assert.Contains(
            "Nothing to do",
            (await HvAsync("plan", Document(
                """{ "volumes": [ { "name": "there", "size": "1GB" }, { "name": "a", "ensure": "Absent" } ] }"""))).Expect(0).Output,
            StringComparison.Ordinal);

    private string Document(string json)
    {
        var file = Path.Combine(Folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, json);
        return file;
    }
}
