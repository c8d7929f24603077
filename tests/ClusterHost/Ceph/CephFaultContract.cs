namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>
/// Each call that an operation makes to Ceph is lost on the way once, its answer is lost once, and the host is killed before and after it.
/// Whoever asks again is served, and nothing is left that the catalog does not know, nor the reverse. What somebody else has put beside it,
/// under a name much like those of the cluster host, stays as it is.
/// </summary>
public abstract class CephFaultContract(CephFixture ceph)
{
    private const byte OfOthers = 7;

    // A round's volumes have its number, so that all rounds look alike but for it.
    private static readonly Dictionary<string, Func<ICluster, int, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["create"] = async (cluster, round) => await cluster.CreateVolumeAsync(
            new VolumeSpecification
            {
                Name = $"new-{round}",
                Size = ByteSize.FromMegabytes(16),
                Type = (await cluster.FindVolumeAsync($"v-{round}", CancellationToken.None))!.Type,
            },
            CancellationToken.None),
        ["clone a volume"] = (cluster, round) => cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = $"new-{round}", SourceVolume = $"v-{round}", Size = ByteSize.FromMegabytes(32) },
            CancellationToken.None),
        ["clone a snapshot"] = (cluster, round) => cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = $"new-{round}", SourceVolume = $"v-{round}", SourceSnapshot = "s" }, CancellationToken.None),
        ["take a snapshot"] = (cluster, round) => cluster.CreateSnapshotAsync(
            $"v-{round}", "new", new Dictionary<string, string>(StringComparer.Ordinal), CancellationToken.None),
        ["grow"] = (cluster, round) => cluster.ResizeVolumeAsync($"v-{round}", ByteSize.FromMegabytes(32), CancellationToken.None),
        ["revert"] = (cluster, round) => cluster.RevertVolumeAsync($"v-{round}", "s", CancellationToken.None),
        ["remove a snapshot"] = (cluster, round) => cluster.DeleteSnapshotAsync($"v-{round}", "s", CancellationToken.None),
        ["remove a volume that has a clone"] = (cluster, round) => cluster.DeleteVolumeAsync($"v-{round}", CancellationToken.None),
    };

    private protected abstract VolumeType Type { get; }

    protected static IEnumerable<string> AllNames => Operations.Keys;

    protected async Task RunAsync(string name)
    {
        var operation = Operations[name];

        // Copies of files take their time.
        var keeps = Type == VolumeType.Block || name.StartsWith("remove", StringComparison.Ordinal);
        await using var site = await CephSite.StartAsync(ceph);
        await FillAsync(site, 0, keeps);
        var other = PutBeside(site, await site.PlaceOfAsync("v-0"), NameOfOthers(site));
        Write(site, other, OfOthers);
        site.Calls.Watch();
        await operation(site.Host.Connect(), 0);
        await Eventually.TrueAsync(async () => await FindDifferenceAsync(site, rounds: 1) is null, "the operation has ended");
        var faults = site.Calls.Made.GroupBy(call => call, StringComparer.Ordinal)
            .SelectMany(calls => Enumerable.Range(0, calls.Count()).Select(before => (Call: calls.Key, Before: before)))
            .SelectMany(call => Enum.GetValues<Fault>().Select(fault => (call.Call, call.Before, Fault: fault)))
            .Where(fault => !FaultyCalls.OnlyLooks(fault.Call)
                || (fault.Before == 0 && fault.Fault is Fault.LostOnTheWay or Fault.KilledBefore))
            .ToArray();
        Assert.NotEmpty(faults);
        for (var round = 1; round <= faults.Length; round++)
        {
            var (call, before, fault) = faults[round - 1];
            await FillAsync(site, round, keeps);
            site.Calls.Watch(call, before, fault);
            var error = await TryAsync(() => operation(site.Host.Connect(), round));
            var step = $"{call} {before} {fault}, first answered with {error?.Message ?? "success"}";
            await Eventually.TrueAsync(() => site.Calls.Struck, "it goes wrong: " + step);
            if (fault is Fault.KilledBefore or Fault.KilledAfter)
            {
                await site.RestartAsync();
            }

            // What goes on by itself, such as a revert, keeps its volume busy until then.
            await Eventually.TrueAsync(
                async () => await TryAsync(() => operation(site.Host.Connect(), round)) is null, "it succeeds when asked again: " + step);
            if (!name.StartsWith("remove a volume", StringComparison.Ordinal))
            {
                Assert.True(await ReadAsync(site, $"v-{round}") == (name == "revert" ? 1 : 2), "The volume has other content: " + step);
            }

            Assert.True(!keeps || await ReadAsync(site, $"kept-{round}") == 1, "The clone has other content: " + step);
        }

        var difference = "nothing";
        await Eventually.TrueAsync(
            async () => (difference = await FindDifferenceAsync(site, faults.Length + 1)) is null,
            () => $"{difference}, of {string.Join(", ", faults)}");
        Assert.Equal(OfOthers, Read(site, other));
    }

    /// <summary>Makes what is not the cluster host's in the pool of a volume, and tells its place.</summary>
    private protected abstract string PutBeside(CephSite site, string place, string name);

    private protected abstract void Write(CephSite site, string place, byte value);

    private protected abstract byte Read(CephSite site, string place);

    private static async Task<ClusterException?> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ClusterException error) when (error.Code == ErrorCode.NotFound)
        {
            // What was to be removed is gone.
            return null;
        }
        catch (ClusterException error)
        {
            Assert.True(error.Code is ErrorCode.Unreachable or ErrorCode.Busy or ErrorCode.Internal, error.Message);
            return error;
        }
    }

    // What the catalog and Ceph tell differently, and rounds that look other than the first, in which nothing went wrong.
    private static async Task<string?> FindDifferenceAsync(CephSite site, int rounds)
    {
        var (catalog, described) = await site.DescribeAsync();
        var stored = described.Where(entry => entry != NameOfOthers(site)).ToArray();
        if (!catalog.SequenceEqual(stored))
        {
            return $"Ceph has {string.Join(", ", stored.Except(catalog))}, the catalog {string.Join(", ", catalog.Except(stored))}";
        }

        var found = Enumerable.Range(0, rounds).Select(round => Of(catalog, round)).ToArray();
        var other = Array.FindIndex(found, text => text != found[0]);
        return other < 0 ? null : $"round {other} has {found[other]} instead of {found[0]}";
    }

    private static string Of(IEnumerable<string> described, int round) => string.Join(
        ", ",
        described.Where(line => line.Contains($"-{round} ", StringComparison.Ordinal))
            .Select(line => line.Replace($"-{round} ", " ", StringComparison.Ordinal)));

    private static string NameOfOthers(CephSite site) => site.Prefix + "-backup";

    private async Task FillAsync(CephSite site, int round, bool keeps)
    {
        var volume = $"v-{round}";
        var cluster = site.Host.Connect();
        _ = await cluster.CreateVolumeAsync(
            new VolumeSpecification { Name = volume, Size = ByteSize.FromMegabytes(16), Type = Type }, CancellationToken.None);
        Write(site, await site.PlaceOfAsync(volume), 1);
        _ = await site.Client.SnapshotAsync(volume, "s");
        Write(site, await site.PlaceOfAsync(volume), 2);
        if (keeps)
        {
            _ = await site.Client.CloneAsync(volume, $"kept-{round}", "s");
        }
    }

    private async Task<byte> ReadAsync(CephSite site, string volume) => Read(site, await site.PlaceOfAsync(volume));
}
