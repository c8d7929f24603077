using System.Collections.Generic;
using System.Linq;
using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>Completes names by which a cluster is meant: those of the open connections, and those of the saved profiles.</summary>
internal sealed class ClusterCompleter : NameCompleter
{
    private protected override IReadOnlyList<Candidate> Find(CompletionRequest request) =>
        SessionConnections.Names.Select(name => new Candidate(name, "an open connection"))
            .Concat(ProfileStore.Names.Select(name => new Candidate(name, "a saved profile")))
            .ToArray();
}
