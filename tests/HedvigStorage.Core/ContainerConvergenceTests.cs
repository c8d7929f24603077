using System.Text.Json;
using FsCheck.Xunit;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

/// <summary>
/// What holds of every document with containers: the cluster removes no volume that a running container mounts, and the engine starts none
/// whose volume is not there.
/// </summary>
public sealed class ContainerConvergenceTests
{
    private const int Documents = 200;

    private static readonly ApplyOptions Everything = new()
    {
        AllowReplace = ApplyOptions.AnyKind,
        AllowRemove = true,
        MaximumParallel = 1,
    };

    private readonly FakeCluster _cluster = new();
    private readonly FakeDockerEngine _engine = new();

    public ContainerConvergenceTests()
    {
        foreach (var image in RandomContainers.Images)
        {
            _engine.Images[image] = new Image { Id = "sha256:" + image };
        }

        _cluster.UserOf = _engine.UserOf;
        _engine.HasVolume = _cluster.Volumes.ContainsKey;
    }

    [Property(MaxTest = Documents)]
    public async Task A_document_that_was_applied_over_another_one_has_an_empty_plan(int seed)
    {
        var site = new ContainerConvergenceTests();
        var (documents, containers) = (new RandomDocument(seed), new RandomContainers(seed));
        for (var round = 0; round < 4; round++)
        {
            await site.ConvergeAsync(containers.AddTo(documents.Next("site")));
        }
    }

    [Property(MaxTest = Documents)]
    public async Task An_export_has_an_empty_plan(int seed)
    {
        var site = new ContainerConvergenceTests();
        await site.ConvergeAsync(new RandomContainers(seed).AddTo(new RandomDocument(seed).Next("site")));
        var export = ConfigurationReader.Read(
            ConfigurationWriter.Write(
                await new ConfigurationExporter(site.Targets)
                    .ExportAsync(new ExportOptions { Docker = true, Environment = true }, CancellationToken.None)),
            "export");
        var plan = await new Planner(site.Targets).PlanAsync(export, CancellationToken.None);
        Assert.True(
            !plan.HasChanges,
            $"seed {seed}: {string.Join(", ", plan.Changes.Select(step => $"{step} {string.Join(", ", step.Changes)}"))}");
    }

    [Property(MaxTest = Documents)]
    public void What_is_written_is_read_again(int seed)
    {
        var document = new RandomContainers(seed).AddTo(new RandomDocument(seed).Next("site"));
        Assert.Equal(Text(document), Text(ConfigurationReader.Read(ConfigurationWriter.Write(document), document.Source)));
    }

    private PlanTargets Targets => new(_cluster) { Docker = _engine };

    private async Task ConvergeAsync(Configuration document)
    {
        var report = await Applier.ApplyAsync(await PlanAsync(document), Everything, progress: null, CancellationToken.None);
        Assert.True(report.Succeeded, $"{document.Source}: {string.Join("; ", report.Outcomes.Where(outcome => outcome.Error is not null).Select(outcome => $"{outcome.Step}: {outcome.Error}"))}");
        var again = await PlanAsync(document);
        Assert.True(
            !again.HasChanges,
            $"{document.Source}: {string.Join(", ", again.Changes.Select(step => $"{step} {string.Join(", ", step.Changes)}"))}");
        Assert.True(again.Orphans.Count == 0, $"{document.Source}: orphans {string.Join(", ", again.Orphans)}");
    }

    private Task<Plan> PlanAsync(Configuration document) =>
        new Planner(Targets).PlanAsync(document, new PlanOptions { Prune = true }, CancellationToken.None);

    private static string Text(Configuration configuration) => JsonSerializer.Serialize(ConfigurationWriter.Write(configuration));
}
