using HedvigStorage.Connections;
using HedvigStorage.Docker;
using HedvigStorage.Loading;

namespace HedvigStorage.Completers;

/// <summary>
/// What completers have in common that ask the Docker Engine: the one that <c>-DockerHost</c> gives, else that of the environment or the
/// platform.
/// </summary>
internal abstract class DockerNameCompleter : NameCompleter
{
    private static readonly object Engines = new();

    private protected sealed override IReadOnlyList<Candidate> Find(CompletionRequest request)
    {
        var address = request.Find("DockerHost") as string ?? ConnectionEnvironment.DockerHost;
        return CompletionCache.Find(Engines, $"{GetType().Name} {address}", async token =>
        {
            using var engine = LoadedClient.Instance.CreateDockerEngine(address);
            return await FindAsync(engine, token).ConfigureAwait(false);
        });
    }

    private protected abstract Task<IReadOnlyList<Candidate>> FindAsync(IDockerEngine engine, CancellationToken cancellationToken);
}
