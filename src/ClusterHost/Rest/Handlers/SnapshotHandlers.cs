using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's and the extension's requests for snapshots.</summary>
internal sealed class SnapshotHandlers(SnapshotService snapshots)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.MakeSnapshot, MakeAsync) with { AnswersItems = true },
        RequestHandler.Change(RequestTypes.DeleteSnapshot, DeleteAsync),
        RequestHandler.Read(RequestTypes.ListSnapshots, ListAsync),
    ];

    private Task<Answer> MakeAsync(RequestContext context)
    {
        var volumes = context.Parameters.RequiredTexts("virtualDisks");
        var name = context.Parameters.Text("snapshotName");
        var externalId = context.Parameters.Text("openstackSID");
        var labels = LabelRules.Apply(ObjectLabels.None, context.Parameters.Labels());
        if (volumes.Count > 1 && externalId is not null)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, "One 'openstackSID' cannot name the snapshots of several volumes. Give one volume.");
        }

        return ItemRunner.RunAsync(volumes, async volume =>
        {
            var snapshot = await snapshots.CreateAsync(volume, name, externalId, labels);
            return new ItemResult { SnapshotName = snapshot.Name, Snapshot = snapshot.ToMessage() };
        });
    }

    private async Task<Answer> DeleteAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        await snapshots.DeleteAsync(parameters.Text("openstackVolName"), parameters.Text("snapshotName"), parameters.Text("openstackSID"));
        return Answer.Done;
    }

    private Task<Answer> ListAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var page = snapshots.List(new SnapshotQuery
        {
            Volume = parameters.Text("virtualDisk"),
            Pattern = parameters.Text("pattern"),
            PageSize = parameters.PageSize(),
            PageToken = parameters.Text("pageToken"),
        });
        return Task.FromResult(Answer.Of(
            new SnapshotsResult(page.Items.Select(snapshot => snapshot.ToMessage()).ToArray(), page.NextPageToken),
            ProtocolJson.Default.SnapshotsResult));
    }
}
