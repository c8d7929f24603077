using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's requests for LUNs.</summary>
internal sealed class LunHandlers(LunService luns)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.AddLun, AddAsync) with { CompleteFailure = AddOutcome },
        RequestHandler.Read(RequestTypes.GetLun, GetAsync),
        RequestHandler.Change(RequestTypes.UnmapLun, UnmapAsync),
    ];

    private async Task<Answer> AddAsync(RequestContext context)
    {
        var volumes = context.Parameters.RequiredTexts("virtualDisks");
        var targets = context.Parameters.RequiredTexts("targets");
        var readOnly = context.Parameters.Flag("readonly");
        var items = new List<ItemResult>(volumes.Count);
        ErrorCode? code = null;
        foreach (var volume in volumes)
        {
            var outcomes = new List<LunOutcome>(targets.Count);
            foreach (var target in targets)
            {
                try
                {
                    var lun = await luns.AddAsync(volume, target, readOnly);
                    outcomes.Add(new LunOutcome { Name = target, Status = StatusWords.Ok, Lun = lun.Number, Readonly = lun.ReadOnly });
                }
                catch (ClusterException error)
                {
                    code ??= error.Code;
                    outcomes.Add(new LunOutcome { Name = target, Status = Answer.StatusOf(error.Code), Message = error.Message });
                }
            }

            var worst = outcomes.Find(outcome => outcome.Status != StatusWords.Ok);
            items.Add(
                new ItemResult { Name = volume, Status = worst?.Status ?? StatusWords.Ok, Message = worst?.Message, Targets = outcomes });
        }

        return Answer.OfItems(items, code);
    }

    private Task<Answer> GetAsync(RequestContext context)
    {
        var lun = luns.Get(context.Parameters.RequiredText("virtualDisk"), context.Parameters.RequiredText("target"));
        return Task.FromResult(Answer.Of(new LunResult(lun.Number, lun.ReadOnly), ProtocolJson.Default.LunResult));
    }

    private async Task<Answer> UnmapAsync(RequestContext context)
    {
        await luns.RemoveAsync(context.Parameters.RequiredText("virtualDisk"), context.Parameters.RequiredText("target"));
        return Answer.Done;
    }

    // Terraform reads result[0].targets[0] whatever the status.
    private static Answer AddOutcome(Answer failure) => failure with
    {
        Result = new List<ItemResult>
        {
            new()
            {
                Status = failure.Status,
                Message = failure.Message,
                Targets = [new LunOutcome { Status = failure.Status, Message = failure.Message }],
            },
        },
        ResultType = ProtocolJson.Default.ListItemResult,
    };
}
