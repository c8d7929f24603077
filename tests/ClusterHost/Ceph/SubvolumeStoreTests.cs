using System.Text.Json;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>What is made of the answers of Ceph's manager that a healthy cluster does not give.</summary>
public sealed class SubvolumeStoreTests : IDisposable
{
    private readonly Commands _monitors = new();
    private readonly Commands _manager = new();
    private readonly CephFileSystem _files;

    public SubvolumeStoreTests()
    {
        _monitors.Answers["fs ls"] = _ => """[{"name":"data"}]""";
        _files = new CephFileSystem(_monitors, _manager, "hv");
    }

    private SubvolumeStore Store => _files.Store("hv-file-3-host");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_volume_that_is_there_with_another_size_is_found_out_before_its_quota_is_set()
    {
        _manager.Answers["fs subvolume info"] = _ => """{"bytes_quota":4096,"bytes_used":0}""";

        var error = Assert.Throws<CephException>(() => Store.Create("hv-1", 8192));
        Store.Create("hv-1", 4096);

        Assert.Equal(CephException.AlreadyThere, error.Error);
        Assert.DoesNotContain("fs subvolume create", _manager.Asked);
    }

    [Fact]
    public void A_size_is_never_set_lower()
    {
        _manager.Answers["fs subvolume info"] = _ => """{"bytes_quota":8192,"bytes_used":0}""";

        Store.Grow("hv-1", 4096);

        Assert.Equal(["fs subvolume info"], _manager.Asked);
    }

    [Theory]
    [InlineData("""{"status":{"state":"failed","failure":{"errno":"28","error_msg":"no room"}}}""", 28, "no room")]
    [InlineData("""{"status":{"state":"failed"}}""", 5, "Input/output error")]
    [InlineData("""{"status":{"state":"canceled"}}""", 125, "somebody has cancelled it in Ceph")]
    public void A_clone_that_fails_in_Ceph_is_an_error_with_its_reason_and_is_removed(string end, int number, string reason)
    {
        var states = new Queue<string>(["", """{"status":{"state":"in-progress"}}""", end]);
        _manager.Answers["fs clone status"] = _ => states.Dequeue() is { Length: > 0 } state ? state : throw Error(CephException.NotThere);

        var error = Assert.Throws<CephException>(() => Store.Clone("hv-1", "s", "hv-2", 4096));

        Assert.Equal(number, error.Error);
        Assert.Equal(reason, error.Reason);
        Assert.Equal("fs subvolume rm", _manager.Asked[^1]);
    }

    [Fact]
    public void A_clone_goes_on_while_one_manager_takes_the_place_of_another()
    {
        var states = new Queue<string>(["", "away", "away", """{"status":{"state":"complete"}}"""]);
        _manager.Answers["fs clone status"] = _ => states.Dequeue() switch
        {
            "" => throw Error(CephException.NotThere),
            "away" => throw Error(CephException.TimedOut),
            var state => state,
        };
        _manager.Answers["fs subvolume info"] = _ => """{"bytes_quota":4096,"bytes_used":0}""";

        Store.Clone("hv-1", "s", "hv-2", 4096);

        Assert.Empty(states);
    }

    [Fact]
    public void A_stop_ends_the_wait_for_a_clone()
    {
        _manager.Answers["fs clone status"] = _ => """{"status":{"state":"pending"}}""";
        _files.Dispose();

        var error = Assert.Throws<ClusterException>(() => Store.Clone("hv-1", "s", "hv-2", 4096));

        Assert.Contains("next start", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_is_not_taken_for_gone_because_the_file_system_has_another_name_now()
    {
        Assert.Equal("data", _files.Name);
        _monitors.Answers["fs ls"] = _ => """[{"name":"renamed"}]""";
        _manager.Answers["fs subvolume rm"] = _ => throw Error(CephException.NotThere);

        var error = Assert.Throws<ClusterException>(() => Store.Remove("hv-1"));

        Assert.Contains("'renamed'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_path_is_asked_for_once()
    {
        _manager.Answers["fs subvolume getpath"] = _ => "/volumes/hv-file-3-host/hv-1/x\n";

        Assert.Equal("/volumes/hv-file-3-host/hv-1/x", Store.GetPath("hv-1"));
        Assert.Equal("/volumes/hv-file-3-host/hv-1/x", Store.GetPath("hv-1"));

        _ = Assert.Single(_manager.Asked);
    }

    [Theory]
    [InlineData("", "Make one: 'ceph fs volume create NAME'")]
    [InlineData("a b", "(a, b)")]
    public void Without_a_file_system_that_is_meant_volumes_of_type_File_are_refused_with_the_reason(string names, string reason)
    {
        Have(names);

        var error = Assert.Throws<ClusterException>(() => _files.Name);

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Null(CephFileSystem.Find(_monitors, "hv"));
    }

    [Theory]
    [InlineData("only", "only")]
    [InlineData("other hv", "hv")]
    public void The_only_file_system_is_taken_or_the_one_that_is_named_as_the_pools_begin(string names, string expected)
    {
        Have(names);

        Assert.Equal(expected, _files.Name);
        Assert.Equal(expected, CephFileSystem.Find(_monitors, "hv"));
    }

    private static CephException Error(int number) => new("fs", number);

    private void Have(string names) => _monitors.Answers["fs ls"] = _ => JsonSerializer.Serialize(
        names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new Dictionary<string, string> { ["name"] = name }));

    private sealed class Commands : ICephMonitor
    {
        public Dictionary<string, Func<JsonElement, string>> Answers { get; } = new(StringComparer.Ordinal);

        public List<string> Asked { get; } = [];

        public byte[] Command(string json, ReadOnlySpan<byte> input = default)
        {
            using var command = JsonDocument.Parse(json);
            var prefix = command.RootElement.GetProperty("prefix").GetString()!;
            Asked.Add(prefix);
            return Encoding.UTF8.GetBytes(Answers.TryGetValue(prefix, out var answer) ? answer(command.RootElement) : string.Empty);
        }
    }
}
