using System.Text.Json;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;
using HedvigStorage.Tests;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Documents that are converged over HTTP on a cluster host, whatever engine it has.</summary>
public abstract class ConvergenceContract : IAsyncLifetime
{
    private static readonly ApplyOptions Everything = new() { AllowReplace = ApplyOptions.AnyKind, AllowRemove = true };

    private readonly List<IHostSite> _sites = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Each_drift_is_found_with_its_cause_and_mended()
    {
        const string Site = """
            {
              "name": "site",
              "policies": [ { "name": "gold", "replicationFactor": 3, "snapshotSchedule": { "daily": 7 } } ],
              "volumes": [ { "name": "a", "size": "64MB", "policy": "gold" }, { "name": "b", "size": "64MB", "description": "kept" } ],
              "snapshots": [ { "volume": "a", "name": "s" } ],
              "access": [ { "volume": "a", "target": "t0", "type": "ip", "address": "10.0.0.7" } ]
            }
            """;
        using var cluster = await StartAsync();
        var document = Read(Site);
        await ConvergeAsync(cluster, document);
        var drifts = new (string Step, StepAction Action, Func<Task> Cause)[]
        {
            (
                "policy/gold",
                StepAction.Update,
                () =>
                    cluster.UpdatePolicyAsync(
                        "gold", new PolicyChange { Attributes = new VolumeAttributes { ReplicationFactor = 2 } }, default)),
            (
                "policy/gold",
                StepAction.Update,
                () => cluster.UpdatePolicyAsync("gold", new PolicyChange { SnapshotSchedule = SnapshotSchedule.None }, default)),
            ("volume/a", StepAction.Adopt, () => cluster.ResizeVolumeAsync("a", ByteSize.FromMegabytes(128), default)),
            ("volume/a", StepAction.Update, () => cluster.UpdateVolumeAsync("a", new VolumeChange { Policy = string.Empty }, default)),
            ("volume/b", StepAction.Update, () => cluster.UpdateVolumeAsync("b", new VolumeChange { Description = "changed" }, default)),
            ("volume/b", StepAction.Create, () => cluster.DeleteVolumeAsync("b", default)),
            ("snapshot/a@s", StepAction.Create, () => cluster.DeleteSnapshotAsync("a", "s", default)),
            ("access/a/t0/10.0.0.7", StepAction.Create, () => cluster.Access.RemoveRuleAsync("a", "t0", "10.0.0.7", default)),
            ("access/a/t0/10.0.0.7", StepAction.Update, () => cluster.Access.RemoveLunAsync("a", "t0", default)),
        };
        foreach (var (id, action, cause) in drifts)
        {
            await cause();
            var step = Assert.Single((await PlanAsync(cluster, document)).Changes);
            Assert.Equal((id, action), (step.Id, step.Action));
            Assert.NotEmpty(step.Reason);
            Assert.Equal(action == StepAction.Create ? ChangeCause.Unknown : ChangeCause.Drift, step.Cause);
            await ConvergeAsync(cluster, document);
        }
    }

    /// <summary>Starts a host.</summary>
    private protected abstract Task<IHostSite> OpenAsync();

    /// <summary>Converges one document after the other, each of which is what its export says, on a host and then on another one.</summary>
    private protected async Task ConvergeAtRandomAsync(int seed, int rounds)
    {
        using var cluster = await StartAsync();
        var documents = new RandomDocument(seed);
        for (var number = 0; number < rounds; number++)
        {
            await ConvergeAsync(cluster, documents.Next("site"));
            var export = await ExportAsync(cluster);
            var plan = await PlanAsync(cluster, export);
            Assert.True(!plan.HasChanges, $"seed {seed}, export {number}: {string.Join(", ", plan.Changes.Select(Describe))}");
        }

        using var copy = await StartAsync();
        var last = await ExportAsync(cluster);
        await ConvergeAsync(copy, last);
        Assert.Equal(Text(last), Text(await ExportAsync(copy)));
    }

    /// <summary>Starts a host with the targets of documents at random, and connects to it.</summary>
    private protected async Task<HedvigCluster> StartAsync()
    {
        var site = await OpenAsync();
        _sites.Add(site);
        var cluster = site.Host.Connect();
        foreach (var number in new[] { 0, 1 })
        {
            _ = await cluster.Access.CreateTargetAsync(new Target { Name = $"t{number}", Protocol = TargetProtocol.Block }, default);
            _ = await cluster.Access.CreateTargetAsync(new Target { Name = $"n{number}", Protocol = TargetProtocol.Nfs }, default);
        }

        return cluster;
    }

    /// <summary>Applies a document, after which nothing is left to do.</summary>
    private protected static async Task ConvergeAsync(ICluster cluster, Configuration document)
    {
        var report = await ApplyAsync(cluster, document);
        Assert.True(report.Succeeded, $"{document.Source}: {string.Join("; ", report.Outcomes.Where(outcome => outcome.Error is not null).Select(outcome => $"{outcome.Step}: {outcome.Error}"))}");
        var again = await PlanAsync(cluster, document);
        Assert.True(!again.HasChanges, $"{document.Source}: {string.Join(", ", again.Changes.Select(Describe))}");
        Assert.Empty(again.Orphans);
    }

    private protected static async Task<ApplyReport> ApplyAsync(ICluster cluster, Configuration document) =>
        await Applier.ApplyAsync(await PlanAsync(cluster, document), Everything, progress: null, CancellationToken.None);

    private protected static Task<Plan> PlanAsync(ICluster cluster, Configuration document) =>
        new Planner(new PlanTargets(cluster))
            .PlanAsync(document, new PlanOptions { Prune = document.Name is not null }, CancellationToken.None);

    private static async Task<Configuration> ExportAsync(ICluster cluster) =>
        ConfigurationReader.Read(
            ConfigurationWriter.Write(
                await new ConfigurationExporter(new PlanTargets(cluster)).ExportAsync(new ExportOptions(), CancellationToken.None)),
            "export");

    private protected static Configuration Read(string json) =>
        ConfigurationReader.Read(new ClientServices().ReadJson(json, "site.json"), "site.json");

    private static string Describe(PlanStep step) => $"{step} ({string.Join(", ", step.Changes)})";

    private static string Text(Configuration configuration) => JsonSerializer.Serialize(ConfigurationWriter.Write(configuration));
}
