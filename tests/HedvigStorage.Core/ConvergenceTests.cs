using System.Text.Json;
using FsCheck.Xunit;
using HedvigStorage.Documents;
using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

/// <summary>What holds of every document, whatever was there before it.</summary>
public sealed class ConvergenceTests
{
    private const int Documents = 200;

    private static readonly ApplyOptions Everything = new() { AllowReplace = ApplyOptions.AnyKind, AllowRemove = true };

    [Property(MaxTest = Documents)]
    public async Task A_document_that_was_applied_over_another_one_has_an_empty_plan(int seed)
    {
        var cluster = new FakeCluster();
        var documents = new RandomDocument(seed);
        await ConvergeAsync(cluster, documents.Next("site"));
        await ConvergeAsync(cluster, documents.Next("site"));
        await ConvergeAsync(cluster, documents.Next("site"));
    }

    [Property(MaxTest = Documents)]
    public Task A_document_without_a_name_that_was_applied_has_an_empty_plan(int seed) =>
        ConvergeAsync(new FakeCluster(), new RandomDocument(seed).Next(name: null));

    [Property(MaxTest = Documents)]
    public async Task An_export_has_an_empty_plan_and_makes_the_same_elsewhere(int seed)
    {
        var cluster = new FakeCluster();
        var documents = new RandomDocument(seed);
        await ConvergeAsync(cluster, documents.Next("site"));
        await ConvergeAsync(cluster, documents.Next("site"));
        var export = ConfigurationReader.Read(ConfigurationWriter.Write(await ExportAsync(cluster)), "export");
        var plan = await PlanAsync(cluster, export);
        Assert.True(!plan.HasChanges, $"{export.Source}: {string.Join(", ", plan.Changes)}");

        var other = new FakeCluster();
        await ConvergeAsync(other, export);
        Assert.Equal(Text(export), Text(await ExportAsync(other)));
    }

    [Property(MaxTest = Documents)]
    public void What_is_written_is_read_again(int seed)
    {
        var document = new RandomDocument(seed).Next("site");
        Assert.Equal(Text(document), Text(ConfigurationReader.Read(ConfigurationWriter.Write(document), document.Source)));
    }

    [Property(MaxTest = Documents)]
    public async Task A_run_in_which_steps_fail_leaves_what_the_next_run_converges(int seed)
    {
        var cluster = new FakeCluster();
        var documents = new RandomDocument(seed);
        await ConvergeAsync(cluster, documents.Next("site"));
        var second = documents.Next("site");
        cluster.FailAtRandom(seed, oneIn: 3);
        var report = await ApplyAsync(cluster, second);
        cluster.FailAtRandom(seed, oneIn: 0);
        Assert.All(
            report.Outcomes.Where(outcome => outcome.State == StepState.Skipped),
            outcome => Assert.Contains("did not succeed", outcome.Error));
        await ConvergeAsync(cluster, second);
    }

    private static async Task ConvergeAsync(FakeCluster cluster, Configuration document)
    {
        var report = await ApplyAsync(cluster, document);
        Assert.True(report.Succeeded, $"{document.Source}: {string.Join("; ", report.Outcomes.Where(outcome => outcome.Error is not null).Select(outcome => $"{outcome.Step}: {outcome.Error}"))}");
        var again = await PlanAsync(cluster, document);
        Assert.True(
            !again.HasChanges,
            $"{document.Source}: {string.Join(", ", again.Changes.Select(step => $"{step} {string.Join(", ", step.Changes)}"))}");
        Assert.True(
            document.Name is null || again.Orphans.Count == 0,
            $"{document.Source}: orphans {string.Join(", ", again.Orphans)}; {string.Join(" ", again.Omissions)}");
    }

    private static async Task<ApplyReport> ApplyAsync(FakeCluster cluster, Configuration document) =>
        await Applier.ApplyAsync(await PlanAsync(cluster, document), Everything, progress: null, CancellationToken.None);

    private static Task<Plan> PlanAsync(FakeCluster cluster, Configuration document) =>
        new Planner(new PlanTargets(cluster))
            .PlanAsync(document, new PlanOptions { Prune = document.Name is not null }, CancellationToken.None);

    private static Task<Configuration> ExportAsync(FakeCluster cluster) =>
        new ConfigurationExporter(new PlanTargets(cluster)).ExportAsync(new ExportOptions(), CancellationToken.None);

    private static string Text(Configuration configuration) => JsonSerializer.Serialize(ConfigurationWriter.Write(configuration));
}
