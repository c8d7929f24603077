using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// The data directory is copied before and after each call of the engine that an operation makes, and after its answer, as a kill at that
/// instant would leave it. A start on every copy ends what was begun: docs/crash-order.md.
/// </summary>
public sealed class CrashStepTests : IDisposable
{
    private static readonly Dictionary<string, Operation> Operations = new(StringComparer.Ordinal)
    {
        ["create the first volume"] = new(MakeAsync, Begun.TakenBack, ["PrepareVolumesAsync", "CreateVolumesAsync"]) { OnEmptySite = true },
        ["create a volume"] = new(MakeAsync, Begun.TakenBack, ["CreateVolumesAsync"]),
        ["create many volumes"] = new(MakeManyAsync, Begun.Either, ["PrepareVolumesAsync", "CreateVolumesAsync"]),
        ["clone a volume"] = new(site => CloneAsync(site, snapshot: null), Begun.TakenBack, ["CloneAsync", "SealVolumeAsync"]),
        ["clone a snapshot"] = new(site => CloneAsync(site, "s"), Begun.TakenBack, ["CloneAsync", "SealVolumeAsync"]),
        ["take a snapshot"] = new(site => site.TakeAsync("v", "new"), Begun.TakenBack, ["CreateSnapshotAsync", "SealSnapshotAsync"]),
        ["grow a volume"] = new(site => site.Volumes.ResizeAsync("v", ByteSize.FromMegabytes(32)), Begun.Finished, ["GrowVolumeAsync"]),
        ["revert a volume"] = new(site => site.Volumes.RevertAsync("v", "s"), Begun.Either, ["RevertVolumeAsync", "SealVolumeAsync"]),
        ["remove a volume"] = new(
            site => site.Volumes.DeleteAsync("v"), Begun.Finished, ["DeleteSnapshotAsync", "DeleteVolumeAsync", "FlushRemovalsAsync"]),
        ["remove a snapshot"] = new(
            site => site.Snapshots.DeleteAsync("v", "s", externalId: null), Begun.Finished, ["DeleteSnapshotAsync", "FlushRemovalsAsync"]),
    };

    private readonly TemporaryDirectory _directory = new();
    private int _copies;

    public static TheoryData<string> Names => new(Operations.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whenever_a_host_is_killed_the_next_start_finds_all_of_an_operation_or_none_of_it(string name)
    {
        var operation = Operations[name];
        ConcurrentQueue<(string Step, string Copy)> killed = [];
        string before, after, answered;
        await using (var site = await ScheduleSite.StartAsync(_directory["data"], new ManualTime()))
        {
            await FillAsync(site, operation.OnEmptySite);
            before = Describe(site);
            site.Engine.Before = async step => killed.Enqueue(("before " + step, await CopyAsync(site)));
            site.Engine.After = async step => killed.Enqueue(("after " + step, await CopyAsync(site)));
            await operation.Run(site);
            after = Describe(site);
            await Eventually.TrueAsync(
                () => operation.Calls.All(call => killed.Any(kill => kill.Step == "after " + call)), "all calls were made");
            site.Engine.Before = site.Engine.After = static _ => Task.CompletedTask;
            answered = await CopyAsync(site);
        }

        Assert.NotEqual(before, after);
        Assert.Equal(after, await RecoverAsync(answered));
        foreach (var (step, copy) in killed)
        {
            var found = await RecoverAsync(copy);
            Assert.True(operation.Begun switch
            {
                Begun.TakenBack => found == before,
                Begun.Finished => found == after,
                _ => found == before || found == after,
            }, $"Killed {step} there is {found}, from {before} to {after}");
        }
    }

    public void Dispose() => _directory.Dispose();

    private static async Task FillAsync(ScheduleSite site, bool empty)
    {
        if (!empty)
        {
            var volume = await site.MakeVolumeAsync("v", policy: null);
            Write(site.ImageOf(volume), 1);
            await site.TakeAsync("v", "s");
            Write(site.ImageOf(volume), 2);
        }
    }

    private static Task<Volume> MakeAsync(ScheduleSite site) => site.MakeVolumeAsync("new", policy: null);

    // More than a portion of the reserve.
    private static Task<IReadOnlyList<VolumeCreation>> MakeManyAsync(ScheduleSite site) =>
        site.Volumes.CreateAsync([.. Enumerable.Range(0, 80).Select(Blank)]);

    private static VolumeSpecification Blank(int number) =>
        new() { Name = string.Create(CultureInfo.InvariantCulture, $"new{number}"), Size = ByteSize.FromMegabytes(16) };

    private static Task<Volume> CloneAsync(ScheduleSite site, string? snapshot) => site.Volumes.CloneAsync(
        new VolumeSpecification { Name = "new", SourceVolume = "v", SourceSnapshot = snapshot }, snapshotExternalId: null);

    // On the catalog's own thread, so that the copy has no half transaction that a kill could not leave.
    private Task<string> CopyAsync(ScheduleSite site) => site.Catalog.WriteAsync(_ =>
    {
        var copy = _directory[string.Create(CultureInfo.InvariantCulture, $"copy{Interlocked.Increment(ref _copies)}")];
        Shell.Run("cp", "--archive", "--sparse=always", _directory["data"], copy);
        return copy;
    });

    // What is there once a host has started on it, and has nothing beside it once that has ended.
    private static async Task<string> RecoverAsync(string copy)
    {
        string found;
        var (volumes, snapshots) = (0, 0);
        await using (var site = await ScheduleSite.StartAsync(copy, new ManualTime()))
        {
            found = Describe(site);
            volumes = All(site).Length;
            snapshots = All(site).Sum(volume => volume.SnapshotCount);
            Assert.Equal(volumes, site.Catalog.Read(catalog => catalog.Scalar<long>("SELECT count(*) FROM volumes")));
            Assert.Equal(snapshots, site.Catalog.Read(catalog => catalog.Scalar<long>("SELECT count(*) FROM snapshots")));
            Assert.DoesNotContain(site.Log.Messages, line => line.Contains("none of the catalog's", StringComparison.Ordinal));
        }

        Assert.Equal(volumes, Directory.GetFiles(Path.Combine(copy, "volumes")).Length);
        Assert.Equal(snapshots, Directory.GetFiles(Path.Combine(copy, "snapshots")).Length);
        return found;
    }

    private static Volume[] All(ScheduleSite site) => [.. site.Volumes.List(new VolumeQuery { PageSize = 1000 }).Items];

    private static string Describe(ScheduleSite site) => string.Join(' ', All(site).Select(volume =>
    {
        var image = site.ImageOf(volume);
        Assert.Equal(volume.Size, new FileInfo(image).Length);
        using var file = File.OpenRead(image);
        return $"{volume.Name}({volume.Size}, {file.ReadByte()}, {string.Join('+', site.Names(volume.Name))})";
    }));

    private static void Write(string image, byte value)
    {
        using var file = File.OpenWrite(image);
        file.WriteByte(value);
    }

    private enum Begun
    {
        TakenBack,
        Finished,
        Either,
    }

    /// <summary>An operation, what a start makes of it once it has begun, and the calls of the engine that it consists of.</summary>
    private sealed record Operation(Func<ScheduleSite, Task> Run, Begun Begun, string[] Calls)
    {
        public bool OnEmptySite { get; init; }
    }
}
