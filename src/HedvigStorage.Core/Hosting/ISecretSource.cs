namespace HedvigStorage.Hosting;

/// <summary>Where the secrets are that a document names. All throw <see cref="ClusterException"/>, in which no secret is.</summary>
public interface ISecretSource
{
    /// <summary>Finds a secret; <see langword="null"/> if there is none of that name.</summary>
    /// <param name="name">The name: one of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<string?> FindAsync(string name, CancellationToken cancellationToken);
}
