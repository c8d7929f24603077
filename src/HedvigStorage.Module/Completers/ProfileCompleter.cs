using HedvigStorage.Connections;

namespace HedvigStorage.Completers;

/// <summary>Completes names of saved profiles.</summary>
internal sealed class ProfileCompleter : NameCompleter
{
    private protected override IReadOnlyList<Candidate> Find(CompletionRequest request) =>
        ProfileStore.Names.Select(name => new Candidate(name, "a saved profile")).ToArray();
}
