namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Documents that are converged on a cluster host with its embedded engine.</summary>
public sealed class ConvergenceTests : ConvergenceContract
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public Task Documents_at_random_converge_one_after_the_other_and_their_export_is_what_is_there(int seed) =>
        ConvergeAtRandomAsync(seed, rounds: 4);

    private protected override async Task<IHostSite> OpenAsync() => await InProcessHost.StartAsync();
}
