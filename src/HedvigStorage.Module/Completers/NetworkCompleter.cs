using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Docker;

namespace HedvigStorage.Completers;

/// <summary>Completes names of networks of the Docker Engine.</summary>
internal sealed class NetworkCompleter : DockerNameCompleter
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(IDockerEngine engine, CancellationToken cancellationToken)
    {
        var networks = await engine.ListNetworksAsync(cancellationToken).ConfigureAwait(false);
        return networks.Select(network => new Candidate(network.Name, network.Internal ? $"{network.Driver}, internal" : network.Driver)).ToArray();
    }
}
