using System.Text.Json.Nodes;
using HedvigStorage.Client.Cluster;
using HedvigStorage.ClusterHost.Catalog;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Many volumes by one request, by the product's own client and on the wire.</summary>
public sealed class VolumeBatchTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryDirectory _directory = new();
    private InProcessHost _host = null!;
    private HedvigCluster _cluster = null!;

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Many_volumes_are_made_by_few_requests_each_with_its_file_and_are_there_after_a_restart()
    {
        await _host.Client.OkAsync("AddPolicy", new JsonObject { ["name"] = "gold", ["compressed"] = true });
        var wanted = Enumerable.Range(0, 600).Select(number => new VolumeSpecification
        {
            Name = Name(number),
            Size = ByteSize.FromMegabytes(16 + (number % 3)),
            Policy = number % 2 == 0 ? "gold" : null,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["number"] = Name(number) },
        }).ToArray();

        var made = await _cluster.CreateVolumesAsync(wanted, None);

        Assert.All(wanted.Zip(made), pair =>
        {
            Assert.Null(pair.Second.Error);
            Assert.Equal(pair.First.Name, pair.Second.Volume!.Name);
        });
        Assert.Equal(3, (await EventsAsync()).Count(entry => entry["type"]!.GetValue<string>() == "AddVolumes"));
        for (var start = 0; start < 2; start++)
        {
            var listed = await _cluster.ListAllVolumesAsync(new VolumeQuery(), None);
            Assert.Equal(
                wanted.Select(volume => (volume.Name, volume.Size, volume.Policy, volume.Labels["number"])),
                listed.Select(volume => (volume.Name, (ByteSize?)volume.Size, volume.Policy, volume.Labels["number"])));
            Assert.True(listed[0].Requested.Compression);
            Assert.All(
                listed,
                volume => Assert.Equal(volume.Size, new FileInfo(Path.Combine(_directory["data"], "volumes", volume.Id + ".img")).Length));
            await StopAsync();
            Assert.Equal(600, Directory.GetFiles(Path.Combine(_directory["data"], "volumes")).Length);
            await StartAsync();
        }
    }

    [Fact]
    public async Task One_that_cannot_be_made_keeps_none_of_the_others_from_it()
    {
        await _host.Client.CreateAsync("taken", "32MB");
        await _host.Client.CreateAsync("same", "16MB");
        var made = await MakeAsync(
            Blank("a"), Blank("not a name"), Blank("taken"), Blank("same"), Blank("tiny") with
            {
                Size = new ByteSize(1),
            }, Blank("lost") with { Policy = "nowhere" },
            Blank("secret") with { Attributes = new VolumeAttributes { Encryption = true } }, Blank("b"));

        Assert.Equal(
            [null, ErrorCode.InvalidArgument, ErrorCode.Conflict, null, ErrorCode.InvalidArgument, ErrorCode.InvalidArgument, ErrorCode.Refused, null],
            made.Select(outcome => outcome.Error?.Code));
        Assert.Equal(["a", "b", "same", "taken"], await NamesAsync());
        Assert.Contains("'nowhere'", made[5].Error!.Message, StringComparison.Ordinal);
        Assert.Contains("not 16", made[2].Error!.Message, StringComparison.Ordinal);
        Assert.All(new[] { 0, 3, 7 }, index => Assert.NotNull(made[index].Volume!.Id));
    }

    [Fact]
    public async Task The_same_request_again_finds_the_same_volumes()
    {
        var first = await MakeAsync(Blank("a"), Blank("b"), Blank("c"));
        var second = await MakeAsync(Blank("a"), Blank("b"), Blank("c"), Blank("d"));
        Assert.Equal(first.Select(outcome => outcome.Volume!.Id), second.Take(3).Select(outcome => outcome.Volume!.Id));
        Assert.Equal(["a", "b", "c", "d"], await NamesAsync());
    }

    [Fact]
    public async Task A_clone_among_them_is_made_in_its_turn_and_a_name_that_is_there_twice_finds_the_first()
    {
        var made = await MakeAsync(
            Blank("a"),
            Blank("b"),
            new VolumeSpecification { Name = "copy", SourceVolume = "a" },
            Blank("c"),
            Blank("c"),
            Blank("c") with { Size = ByteSize.FromMegabytes(17) });
        Assert.Equal([null, null, null, null, null, ErrorCode.Conflict], made.Select(outcome => outcome.Error?.Code));
        Assert.Equal("a", made[2].Volume!.SourceVolume);
        Assert.Equal(made[3].Volume!.Id, made[4].Volume!.Id);
    }

    [Fact]
    public async Task What_is_too_much_for_one_request_goes_by_several()
    {
        var story = new string('ü', 4000);
        var made = await _cluster.CreateVolumesAsync(
            Enumerable.Range(0, 60).Select(number => Blank(Name(number)) with { Description = story }).ToArray(), None);
        Assert.All(made, outcome => Assert.Equal(story, outcome.Volume!.Description));
    }

    [Fact]
    public async Task Promises_beyond_the_ratio_are_refused_from_the_first_that_passes_it()
    {
        await StopAsync();
        await StartAsync(options => options with { Overcommit = 1 });
        var total = (await _cluster.GetInformationAsync(None)).Total;
        var made = await MakeAsync(Blank("a"), Blank("huge") with { Size = new ByteSize(total) }, Blank("b"));
        Assert.Equal([null, ErrorCode.NoSpace, null], made.Select(outcome => outcome.Error?.Code));
        Assert.Equal(32L << 20, (await _host.Client.OkAsync("ClusterInformation"))!["provisionedBytes"]!.GetValue<long>());
    }

    [Fact]
    public async Task The_audit_names_every_volume_and_nothing_else_of_them()
    {
        _ = await _cluster.CreateVolumesAsync(
            Enumerable.Range(0, 30).Select(number => Blank(Name(number)) with { Description = "long story" }).ToArray(), None);
        var entry = Assert.Single(await EventsAsync());
        Assert.Equal(
            Enumerable.Range(0, 30).Select(Name),
            JsonNode.Parse(entry["parameters"]!.GetValue<string>())!["volumes"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.DoesNotContain("long story", entry.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_it_nothing_is_made_and_the_refusal_is_told_for_all()
    {
        await _host.Client.OkAsync(
            "AddUser", new JsonObject { ["userName"] = "ann", ["role"] = "ReadOnly", ["password"] = "some password" });
        using var ann = _host.Connect("ann", "some password");
        var error = await Assert.ThrowsAsync<ClusterException>(() => ann.CreateVolumesAsync([Blank("a"), Blank("b")], None));
        Assert.Equal(ErrorCode.Unauthorized, error.Code);
        Assert.Empty(await NamesAsync());
    }

    [Fact]
    public async Task A_batch_that_the_catalog_cannot_take_leaves_nothing_and_the_next_succeeds()
    {
        _ = await MakeAsync(Blank("first"), Blank("second"));
        using (var other = new CatalogConnection(Path.Combine(_directory["data"], "catalog.db"), readOnly: false))
        {
            // A trigger of our own stands for whatever makes SQLite refuse a row in the middle of the transaction.
            other.Execute("CREATE TRIGGER refuse BEFORE INSERT ON volumes WHEN NEW.name = 'c' BEGIN SELECT RAISE(ABORT, 'no'); END");
            _ = await Assert.ThrowsAsync<ClusterException>(() => MakeAsync(Blank("a"), Blank("b"), Blank("c")));
            Assert.Equal(["first", "second"], await NamesAsync());
            other.Execute("DROP TRIGGER refuse");
        }

        _ = await MakeAsync(Blank("a"), Blank("b"), Blank("c"));
        await StopAsync();
        Assert.Equal(5, Directory.GetFiles(Path.Combine(_directory["data"], "volumes")).Length);
        await StartAsync();
        Assert.Equal(["a", "b", "c", "first", "second"], await NamesAsync());
    }

    private static VolumeSpecification Blank(string name) => new() { Name = name, Size = ByteSize.FromMegabytes(16) };

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"v{number:000}");

    private Task<IReadOnlyList<VolumeCreation>> MakeAsync(params VolumeSpecification[] specifications) =>
        _cluster.CreateVolumesAsync(specifications, None);

    private async Task<string[]> NamesAsync() =>
        (await _cluster.ListAllVolumesAsync(new VolumeQuery(), None)).Select(volume => volume.Name).ToArray();

    private async Task<List<JsonNode>> EventsAsync() =>
        (await _host.Client.OkAsync("ListAuditEvents", new JsonObject { ["type"] = "AddVolumes" }))!["events"]!.AsArray()
            .Select(entry => entry!).ToList();

    private async Task StartAsync(Func<Startup.HostOptions, Startup.HostOptions>? configure = null)
    {
        _host = await InProcessHost.StartAsync(_directory["data"], configure ?? (options => options with { Overcommit = 0 }));
        _cluster = _host.Connect();
    }

    private async Task StopAsync()
    {
        _cluster.Dispose();
        await _host.DisposeAsync();
    }
}
