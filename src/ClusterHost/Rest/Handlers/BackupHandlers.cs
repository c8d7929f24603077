using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Requests about copies of the catalog. It has what passwords are compared with, so not everybody gets it.</summary>
internal sealed class BackupHandlers(CatalogBackups backups)
{
    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Govern(RequestTypes.BackupCatalog, MakeAsync),
        RequestHandler.Govern(RequestTypes.ReadBackup, ReadAsync) with { Audited = false },
    ];

    private async Task<Answer> MakeAsync(RequestContext context)
    {
        var backup = await backups.MakeAsync();
        return Answer.Of(
            new BackupResult
            {
                Backup = backup.Id,
                Bytes = backup.Bytes,
                Sha256 = backup.Sha256,
                VolumeCount = (int)backup.Volumes,
                Commits = backup.Commits,
            },
            ProtocolJson.Default.BackupResult);
    }

    private Task<Answer> ReadAsync(RequestContext context)
    {
        var id = context.Parameters.Text("backup");
        var offset = context.Parameters.Integer("offset", 0, long.MaxValue) ?? 0;
        return Task.FromResult(Answer.Of(new BackupPartResult(backups.Read(id, offset)), ProtocolJson.Default.BackupPartResult));
    }
}
