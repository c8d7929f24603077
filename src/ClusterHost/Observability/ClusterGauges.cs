using System.Diagnostics;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Volumes;

namespace HedvigStorage.ClusterHost.Observability;

/// <summary>
/// The figures of the cluster as a whole. They are measured when somebody reads them, but not more often than every few seconds.
/// </summary>
internal sealed class ClusterGauges(ServiceContext state) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MeasureLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _measuredAt;
    private long _volumes;
    private long _provisioned;
    private long _attachments;

    public void Register(HostMetrics metrics)
    {
        metrics.AddGauge("hedvig_volumes", "Volumes.", () => _volumes);
        metrics.AddGauge("hedvig_attachments", "Leases of volumes that are held.", () => _attachments);
        metrics.AddGauge("hedvig_provisioned_bytes", "Bytes promised to volumes.", () => _provisioned);
        metrics.AddGauge("hedvig_capacity_bytes", "Bytes that volumes and snapshots can take up in all.", () => state.Capacity.Total);
        metrics.AddGauge("hedvig_used_bytes", "Bytes that volumes and snapshots take up.", () => state.Capacity.Used);
        metrics.AddGauge("hedvig_free_bytes", "Bytes free in the storage.", () => state.Engine.GetFree());
        metrics.AddGauge("hedvig_reserve_bytes", "Free bytes below which creates and snapshots stop.", () => state.Capacity.Reserve);
        metrics.AddGauge("hedvig_healthy", "1 if nothing is wrong, else 0.", () => state.Problems.Find().Count == 0 ? 1 : 0);
        metrics.AddGauge(
            "hedvig_damaged_volumes",
            "Volumes whose images are missing, short, another's or have lost data.",
            () => state.Stored.DamagedVolumes);
        metrics.AddGauge(
            "hedvig_damaged_snapshots",
            "Snapshots whose images are missing, short, another's or have lost data.",
            () => state.Stored.DamagedSnapshots);
        metrics.AddGauge("hedvig_catalog_damaged", "1 if the catalog is damaged, else 0.", () => state.Catalog.Damage is null ? 0 : 1);
        metrics.AddCounter("hedvig_catalog_commits_total", "Transactions that the catalog has made durable.", () => state.Catalog.Commits);
        metrics.AddInformation(
            "hedvig_build_info",
            "The version and the engine, as labels.",
            KeyValuePair.Create<string,
            object?>("version", HostVersion.Text),
            KeyValuePair.Create<string,
            object?>("engine", state.Engine.Capabilities.Name));
        var started = new DateTimeOffset(Process.GetCurrentProcess().StartTime).ToUnixTimeMilliseconds() / 1000.0;
        metrics.AddGauge("process_start_time_seconds", "When the process started, in seconds since 1970.", () => started);
        metrics.AddGauge("process_resident_memory_bytes", "Memory that the process has in RAM.", () => Environment.WorkingSet);
        metrics.AddCounter(
            "process_cpu_seconds_total", "Processor time that the process has used.", () => Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    /// <summary>Measures, unless that was done a moment ago. A storage that does not answer leaves the figures as they were.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_measuredAt is { } measured && state.Time.GetElapsedTime(measured) < Fresh)
            {
                return;
            }

            _measuredAt = state.Time.GetTimestamp();
            (_volumes, _provisioned, _attachments) = state.Catalog.Read(connection =>
                (connection.VolumeCount(), connection.Provisioned(), connection.Scalar<long>("SELECT count(*) FROM attachments")));
            await state.Capacity.MeasureAsync(CancellationToken.None).WaitAsync(MeasureLimit, state.Time, cancellationToken);
        }
        catch (Exception error) when (error is ClusterException or IOException or TimeoutException)
        {
            // Old figures say more than none.
        }
        finally
        {
            _ = _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
