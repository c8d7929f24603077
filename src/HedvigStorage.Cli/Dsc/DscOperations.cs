using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Dsc;

/// <summary>What DSC asks of a resource. Standard output is JSON and nothing else.</summary>
internal static class DscOperations
{
    public static async Task GetAsync(DscResource resource, string text, CancellationToken cancellationToken)
    {
        var input = Read(resource, text);
        var configuration = resource.Identify(input);
        await ConnectAsync(
            input,
            async targets => Write((await resource.GetAsync(targets, input, configuration, cancellationToken)).ToJson()),
            cancellationToken);
    }

    public static async Task TestAsync(DscResource resource, string text, CancellationToken cancellationToken)
    {
        var input = Read(resource, text);
        var configuration = resource.Describe(input);
        await ConnectAsync(input, async targets =>
        {
            var plan = await PlanAsync(targets, input, configuration, cancellationToken);
            var state = await resource.GetAsync(targets, input, resource.Identify(input), cancellationToken);
            Write(state.With("_inDesiredState", !plan.HasChanges), resource.Differences(plan));
        }, cancellationToken);
    }

    public static async Task SetAsync(DscResource resource, string text, bool whatIf, CancellationToken cancellationToken)
    {
        var input = Read(resource, text);
        var configuration = resource.Describe(input);
        await ConnectAsync(input, async targets =>
        {
            var plan = await PlanAsync(targets, input, configuration, cancellationToken);
            if (whatIf)
            {
                Preview(plan, input);
                var actual = await resource.GetAsync(targets, input, resource.Identify(input), cancellationToken);
                Write(resource.Project(actual, input), resource.Differences(plan));
                return;
            }

            await ApplyAsync(plan, input, cancellationToken);
            Write(await resource.GetAsync(targets, input, resource.Identify(input), cancellationToken), resource.Differences(plan));
        }, cancellationToken);
    }

    public static async Task DeleteAsync(DscResource resource, string text, CancellationToken cancellationToken)
    {
        if (!resource.CanDelete)
        {
            throw new ClusterException(
                ErrorCode.Unsupported, $"HedvigStorage/{resource.Name} is deleted object by object: say in it what should not exist.");
        }

        var input = Read(resource, text);
        var configuration = resource.Identify(input);
        await ConnectAsync(
            input,
            async targets => await ApplyAsync(await PlanAsync(targets, input, configuration, cancellationToken), input, cancellationToken),
            cancellationToken);
    }

    public static async Task ExportAsync(DscResource resource, string text, CancellationToken cancellationToken)
    {
        var input = DscInput.Read(text, resource);
        if (input.Members.Keys.FirstOrDefault(name => name is not "name") is { } unknown)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"An export is filtered by 'name', which may hold * and ?, not by '{ObjectName.Printable(unknown)}'.");
        }

        var pattern = input.Members.TryGetValue("name", out var value)
            ? value as string ?? throw new ClusterException(ErrorCode.InvalidArgument, "'name' is a text.")
            : null;
        await ConnectAsync(input, async targets =>
        {
            foreach (var state in await resource.ExportAsync(targets, pattern, cancellationToken))
            {
                Write(state.ToJson());
            }
        }, cancellationToken);
    }

    public static void Schema(DscResource resource) => Write(resource.Schema);

    private static DscInput Read(DscResource resource, string text)
    {
        var input = DscInput.Read(text, resource);
        return !input.IsEmpty || resource.MayBeEmpty
            ? input
            : throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"There is no input. Give an instance with {string.Join(" and ", resource.Keys.Select(key => $"'{key}'"))} as JSON on "
                    + "standard input.");
    }

    private static async Task ConnectAsync(DscInput input, Func<PlanTargets, Task> work, CancellationToken cancellationToken)
    {
        var targets = await Connector.ConnectAsync(input.Connection, DscTrace.Warn, cancellationToken);
        using var cluster = targets.Cluster;
        using var docker = targets.Docker;
        await work(targets);
    }

    private static async Task<Plan> PlanAsync(
        PlanTargets targets, DscInput input, Documents.Configuration configuration, CancellationToken cancellationToken)
    {
        var plan = await new Planner(targets).PlanAsync(configuration, new PlanOptions { Prune = input.Prune }, cancellationToken);
        foreach (var omission in plan.Omissions)
        {
            DscTrace.Warn(omission);
        }

        foreach (var note in plan.Changes.SelectMany(step => step.Notes.Select(note => $"{step.Id}: {note}")))
        {
            DscTrace.Warn(note);
        }

        return plan;
    }

    private static ApplyOptions Options(DscInput input) =>
        new() { AllowReplace = input.AllowReplace ? ApplyOptions.AnyKind : [], AllowRemove = input.AllowRemove };

    private static void Preview(Plan plan, DscInput input)
    {
        foreach (var step in plan.Changes)
        {
            DscTrace.Info($"{PlanText.Word(step)} {step.Id}: {step.Reason} {step.Cost}".TrimEnd());
            if ((step.Needs == Consent.Replace && !input.AllowReplace) || (step.Needs == Consent.Remove && !input.AllowRemove))
            {
                DscTrace.Warn($"{step.Id} would be refused without {(step.Needs == Consent.Replace ? "allowReplace" : "allowRemove")}.");
            }
        }
    }

    private static async Task ApplyAsync(Plan plan, DscInput input, CancellationToken cancellationToken)
    {
        if (!plan.HasChanges)
        {
            return;
        }

        var report = await Applier.ApplyAsync(
            plan,
            Options(input),
            progress => DscTrace.Info($"{progress.Step} {progress.State}: {progress.Message}".TrimEnd(' ', ':')),
            cancellationToken);
        if (!report.Succeeded)
        {
            // Several kinds of failure have no status in common.
            var failed = report.Outcomes.Where(outcome => outcome.State == StepState.Failed).ToArray();
            var codes = failed.Select(outcome => outcome.Code).Distinct().ToArray();
            throw new ClusterException(
                codes is [{ } code] ? code : ErrorCode.Internal,
                failed.Length == 0
                    ? "The work was ended before it was done."
                    : string.Join(" ", failed.Select(outcome => $"{outcome.Step.Id} failed: {outcome.Error}")));
        }
    }

    private static void Write(DscState state, System.Collections.Generic.IReadOnlyList<string> differences)
    {
        Write(state.ToJson());
        Write(DocumentJson.Write(differences, indented: false));
    }

    private static void Write(string line) => Console.Out.WriteLine(line);
}
