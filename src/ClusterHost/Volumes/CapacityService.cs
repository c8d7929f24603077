using System.Diagnostics;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Volumes;

/// <summary>How much there is, how much is promised, and whether more may be.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="engine">The engine.</param>
/// <param name="removals">What is being removed, whose space is about to be free.</param>
/// <param name="overcommit">How many times the total may be promised; 0 is without limit.</param>
/// <param name="reserve">The free bytes below which creates and snapshots stop; <see langword="null"/> is 5 % of the storage, 256 MB to 10
/// GB.</param>
/// <param name="time">The clock.</param>
internal sealed class CapacityService(
    CatalogDatabase catalog, IStorageEngine engine, Removals removals, double overcommit, long? reserve, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(20);

    // To measure is to look at every image: where that takes long it is done less often, so that it never takes more than a small part of
    // the time.
    private const int PartOfTheTime = 50;
    private const int PartWhenAsked = 5;
    private static readonly TimeSpan Cheap = TimeSpan.FromMilliseconds(500);

    private EngineUsage _usage = new(0, 0, 0);
    private long _shared;
    private long _measuredAt;
    private TimeSpan _cost;
    private int _measuring;

    public double Overcommit => overcommit;

    public long Reserve => reserve ?? Math.Clamp(_usage.Size / 20, 256L << 20, 10L << 30);

    /// <summary>
    /// Gets the bytes that volumes and snapshots can take up in all: what is free and what they have, less the reserve. Blocks that a
    /// clone shared when it was made count once, those of snapshots on an engine that shares count with their volume: rather too little
    /// than too much.
    /// </summary>
    public long Total => Math.Max(0, _usage.Free + Used - Reserve);

    public long Used => Math.Max(0, _usage.Allocated - _shared);

    /// <summary>Measures now, unless that would take long and was done a moment ago.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await removals.SettleAsync(Cheap);
        if (_cost > Cheap && time.GetElapsedTime(_measuredAt) < _cost * PartWhenAsked)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        _usage = await engine.MeasureAsync(cancellationToken);
        _shared = engine.Capabilities.SharesData ? catalog.Read(connection => connection.SharedByClones()) : 0;
        _measuredAt = time.GetTimestamp();
        _cost = Stopwatch.GetElapsedTime(began);
    }

    /// <summary>
    /// Measures unless it is known how much the storage holds: a storage that has not told it yet is not one without space.
    /// </summary>
    /// <exception cref="ClusterException">It still does not tell; with <see cref="ErrorCode.Unreachable"/>.</exception>
    public async Task RequireKnownAsync()
    {
        if (overcommit <= 0 || _usage.Size > 0)
        {
            return;
        }

        await MeasureAsync(CancellationToken.None);
        if (_usage.Size <= 0)
        {
            throw new ClusterException(
                ErrorCode.Unreachable,
                $"It is not known yet how much {engine.Capabilities.Storage} can hold. Try again in a few seconds; if it stays so, "
                    + "no disk is in service.");
        }
    }

    /// <summary>Refuses to go on when so many bytes more would leave less free than the reserve.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NoSpace"/>.</exception>
    public async Task CheckReserveAsync(string what, long bytes = 0)
    {
        if (FindShortage(bytes) is null)
        {
            return;
        }

        // What was removed before this was asked for is not in its way.
        await removals.SettleAsync(RemovalLimit);
        if (FindShortage(bytes) is { } shortage)
        {
            throw new ClusterException(ErrorCode.NoSpace, $"{what} is refused: {shortage}");
        }
    }

    /// <summary>
    /// Refuses a promise beyond the limit; inside the transaction that makes it, so that concurrent ones cannot pass together.
    /// </summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NoSpace"/>.</exception>
    public void CheckPromise(CatalogConnection connection, string what, long added)
    {
        if (overcommit <= 0 || added <= 0)
        {
            return;
        }

        RefreshSoon();
        var provisioned = connection.Provisioned();
        var limit = overcommit * Total;
        if ((double)provisioned + added > limit)
        {
            throw new ClusterException(
                ErrorCode.NoSpace,
                $"{what} is refused: {Show(provisioned)} are promised already, and {Show(added)} more would pass the limit of "
                    + $"{Show((long)Math.Min(limit, long.MaxValue / 2))} ({overcommit.ToString(CultureInfo.InvariantCulture)} × the "
                    + $"capacity of {Show(Total)}). Remove volumes, or start hv-cluster with a larger --overcommit.");
        }
    }

    /// <summary>Says what is wrong with capacity; empty when nothing is.</summary>
    public IReadOnlyList<string> FindProblems() => FindShortage(0) is { } shortage ? [shortage] : [];

    public static string Show(long bytes) => new ByteSize(Math.Max(0, bytes)).ToDisplayString();

    private string? FindShortage(long bytes)
    {
        var free = engine.GetFree();
        return free - bytes >= Reserve
            ? null
            : bytes > 0
                ? $"{Show(bytes)} would be written and {Show(free)} are free, of which {Show(Reserve)} are kept in reserve. "
                    + $"Free space in {engine.Capabilities.Storage}."
                : $"{Show(free)} are free in {engine.Capabilities.Storage}, less than the reserve of {Show(Reserve)}. Free space there, "
                    + "or start hv-cluster with a smaller --reserve.";
    }

    // What the volumes take and what is free move against each other, so the total changes only when others use the storage: a
    // few seconds' age does no harm, and nobody waits for the sum over all images.
    private void RefreshSoon()
    {
        if (time.GetElapsedTime(_measuredAt) > (_cost * PartOfTheTime > Fresh ? _cost * PartOfTheTime : Fresh)
            && Interlocked.Exchange(ref _measuring, 1) == 0)
        {
            _ = Task.Run(RefreshAsync);
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            await MeasureAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is ClusterException or System.IO.IOException)
        {
            // The last measure stands; the next check tries again.
        }
        finally
        {
            Volatile.Write(ref _measuring, 0);
        }
    }
}
