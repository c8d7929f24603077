using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Requests about the cluster as a whole.</summary>
internal sealed class ClusterHandlers(ServiceContext state, DamageWatch watch, string name, Func<IReadOnlyList<string>> nodes)
{
    private readonly DateTimeOffset _startedAt = state.Time.GetUtcNow();

    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Read(RequestTypes.ListClusterNodes, ListNodesAsync),
        RequestHandler.Read(RequestTypes.ClusterInformation, TellInformationAsync),
        RequestHandler.Read(RequestTypes.Capabilities, TellCapabilitiesAsync),
        RequestHandler.Read(RequestTypes.Health, TellHealthAsync),
        RequestHandler.Change(RequestTypes.CheckCluster, CheckAsync),
    ];

    private Task<Answer> ListNodesAsync(RequestContext context) =>
        Task.FromResult(Answer.Of(nodes().ToList(), ProtocolJson.Default.ListString));

    private async Task<Answer> TellInformationAsync(RequestContext context)
    {
        await state.Capacity.MeasureAsync(context.CancellationToken);
        var problems = state.Problems.Find();
        var (provisioned, count) = state.Catalog.Read(catalog => (catalog.Provisioned(), catalog.VolumeCount()));
        return Answer.Of(
            new ClusterInformationResult
            {
                Capacity = new CapacityMessage(new ResponseSize("B", state.Capacity.Total), new ResponseSize("B", state.Capacity.Used)),
                Name = name,
                ProvisionedBytes = provisioned,
                Overcommit = state.Capacity.Overcommit,
                ReserveBytes = state.Capacity.Reserve,
                FreeBytes = state.Engine.GetFree(),
                VolumeCount = (int)count,
                Healthy = problems.Count == 0,
                Problems = problems,
            },
            ProtocolJson.Default.ClusterInformationResult);
    }

    private Task<Answer> TellHealthAsync(RequestContext context)
    {
        var problems = state.Problems.Find();
        return Task.FromResult(Answer.Of(
            new HealthResult { Healthy = problems.Count == 0, Problems = problems, Version = HostVersion.Text, StartedAt = _startedAt },
            ProtocolJson.Default.HealthResult));
    }

    // Whoever asks wants to know of now, not of the last look.
    private async Task<Answer> CheckAsync(RequestContext context)
    {
        await watch.RunRoundAsync(context.CancellationToken);
        return await TellHealthAsync(context);
    }

    private Task<Answer> TellCapabilitiesAsync(RequestContext context)
    {
        var capabilities = state.Engine.Capabilities;
        return Task.FromResult(Answer.Of(
            new CapabilitiesResult
            {
                Engine = capabilities.Name,
                Version = HostVersion.Text,
                VolumeTypes = capabilities.VolumeTypes.Select(type => type.ToWord()).ToArray(),
                HonouredAttributes = capabilities.HonouredAttributes,
                FixedPlacementTypes = capabilities.FixedPlacementTypes.Select(type => type.ToWord()).ToArray(),
                PlacementChecks = capabilities.PlacementChecks,
                Labels = true,
                SnapshotSchedules = true,
                VolumeBatches = true,
                SharesData = capabilities.SharesData,
                OwnMachineOnly = capabilities.OwnMachineOnly,
                MinimumVolumeBytes = capabilities.MinimumVolumeBytes,
                MaximumVolumeBytes = capabilities.MaximumVolumeBytes,
            },
            ProtocolJson.Default.CapabilitiesResult));
    }
}
