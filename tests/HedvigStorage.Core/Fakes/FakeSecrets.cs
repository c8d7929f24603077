using HedvigStorage.Hosting;

namespace HedvigStorage.Tests.Fakes;

/// <summary>Secrets in memory.</summary>
internal sealed class FakeSecrets : ISecretSource
{
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Values.GetValueOrDefault(name));
}
