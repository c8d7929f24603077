using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

/// <summary>A cluster in memory, and documents that are planned and applied to it.</summary>
internal sealed class PlanSite
{
    public static ApplyOptions Everything { get; } = new() { AllowReplace = ApplyOptions.AnyKind, AllowRemove = true };

    public FakeCluster Cluster { get; } = new();

    public Task<Plan> PlanAsync(string json, bool prune = false) =>
        new Planner(new PlanTargets(Cluster)).PlanAsync(Document.Read(json), new PlanOptions { Prune = prune }, CancellationToken.None);

    public async Task<ApplyReport> ApplyAsync(string json, ApplyOptions? options = null, bool prune = false) =>
        await Applier.ApplyAsync(await PlanAsync(json, prune), options ?? new ApplyOptions(), progress: null, CancellationToken.None);

    /// <summary>Applies a document that must succeed.</summary>
    public async Task ConvergeAsync(string json, ApplyOptions? options = null, bool prune = false)
    {
        var report = await ApplyAsync(json, options, prune);
        Assert.All(report.Outcomes, outcome => Assert.Null(outcome.Error));
    }
}
