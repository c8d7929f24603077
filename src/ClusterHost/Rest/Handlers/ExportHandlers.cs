using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's requests for exports.</summary>
internal sealed class ExportHandlers(ExportService exports)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.Mount, MountAsync) with { CompleteFailure = failure => OfExports([], failure) },
        RequestHandler.Change(RequestTypes.Unmount, UnmountAsync),
        RequestHandler.Read(RequestTypes.ListExportedTargets, ListAsync),
    ];

    private async Task<Answer> MountAsync(RequestContext context)
    {
        var volume = context.Parameters.RequiredText("virtualDisk");
        var targets = context.Parameters.RequiredTexts("targets");
        var outcomes = new List<ExportOutcome>(targets.Count);
        Answer? failure = null;
        foreach (var target in targets)
        {
            try
            {
                await exports.AddAsync(volume, target);
                outcomes.Add(new ExportOutcome { Target = target, Status = StatusWords.Ok });
            }
            catch (ClusterException error)
            {
                failure ??= Answer.Failed(error);
                outcomes.Add(new ExportOutcome { Target = target, Status = Answer.StatusOf(error.Code), Message = error.Message });
            }
        }

        // Terraform shows what is wrong with a target only inside an answer that is "ok" as a whole; of any other it says "unknown error".
        var answer = failure is { Code: ErrorCode.InvalidArgument or ErrorCode.Refused }
            ? failure with { Status = StatusWords.Ok }
            : failure;
        return OfExports(outcomes, answer ?? Answer.Done);
    }

    private async Task<Answer> UnmountAsync(RequestContext context)
    {
        await exports.RemoveAsync(context.Parameters.RequiredText("virtualDisk"), context.Parameters.RequiredTexts("targets"));
        return Answer.Done;
    }

    private Task<Answer> ListAsync(RequestContext context) =>
        Task.FromResult(Answer.Of(exports.List(context.Parameters.RequiredText("virtualDisk")), ProtocolJson.Default.ListString));

    private static Answer OfExports(List<ExportOutcome> outcomes, Answer answer) => answer with
    {
        Result = new MountResult(outcomes.Count > 0 ? outcomes : [new ExportOutcome { Status = answer.Status, Message = answer.Message }]),
        ResultType = ProtocolJson.Default.MountResult,
    };
}
