namespace HedvigStorage.Module.Tests;

/// <summary>Tests that run when all others have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
#pragma warning disable CA1711 // What xunit calls it.
public sealed class AloneCollection
#pragma warning restore CA1711
{
    public const string Name = "alone";
}
