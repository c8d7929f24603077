using System.CommandLine;
using System.CommandLine.Parsing;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Client.Plans;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv apply FILE</c>: makes it so.</summary>
internal static class ApplyCommand
{
    private const string AllowReplace = "--allow-replace";
    private const string Any = "any";

    public static Command Create()
    {
        var file = PlanCommand.FileArgument();
        var prune = PlanCommand.PruneOption();
        var json = CommandRunner.JsonOption();
        var saved = new Option<string?>("--plan")
        {
            Description = "Carry out exactly the plan that 'hv plan FILE --out PLAN' has saved, with its options. If it is stale, "
                + "nothing is changed.",
            HelpName = "PLAN",
        };
        var allowReplace = new Option<IReadOnlyCollection<ResourceKind>>(AllowReplace)
        {
            Description =
                "Allow objects to be removed and recreated where nothing else leads to what is desired; what is on a volume is lost. "
                    + $"Of these kinds only: {Kinds()} (default: all).",
            HelpName = "KIND,…",
            CustomParser = ReadKinds,
            DefaultValueFactory = _ => [],
        };
        var allowRemove = new Option<bool>("--allow-remove")
        {
            Description = "Allow objects to be removed that the document does not make absent, as by --prune. Their data is lost.",
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "How many steps are carried out at once, 1 to 64. Default: 10.",
            HelpName = "N",
            DefaultValueFactory = _ => new ApplyOptions().MaximumParallel,
        };
        parallel.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(
                int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 64))
            {
                result.AddError($"--parallel is 1 to 64, not '{ObjectName.Printable(token.Value)}'.");
            }
        });
        var connection = new ConnectionOptions();
        var command = new Command(
            "apply", "Brings storage and containers to the state in the configuration. Exit status: 0 converged, 1 anything failed.")
        {
            file, prune, saved, allowReplace, allowRemove, parallel, json,
        };
        connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(saved) is not null && result.GetResult(prune) is not null)
            {
                result.AddError("--plan carries out a saved plan with its own options; leave --prune out, or make a new plan with it.");
            }
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var options = new ApplyOptions
                {
                    AllowReplace = parsed.GetValue(allowReplace) ?? [],
                    AllowRemove = parsed.GetValue(allowRemove),
                    MaximumParallel = parsed.GetValue(parallel),
                };
                var planOptions = new PlanOptions { Prune = parsed.GetValue(prune) };
                var plan = parsed.GetValue(saved) is { } path ? PlanFile.Read(path) : null;
                var configuration = ConfigurationFile.Read(parsed.GetRequiredValue(file));
                configuration = plan?.Recognise(configuration) ?? configuration;
                var targets = await Connector.ConnectAsync(connection.Read(parsed), cancellationToken);
                using var cluster = targets.Cluster;
                using var docker = targets.Docker;
                var converged = plan is null
                    ? await ConvergeAsync(configuration, planOptions, targets, options, output, cancellationToken)
                    : await CarryOutAsync(plan, configuration, targets, options, output, cancellationToken);
                return converged ? ExitStatus.Success : ExitStatus.Failure;
            },
            cancellationToken));
        return command;
    }

    /// <summary>Writes out that <c>--allow-replace</c> without a value is of any kind: what stands behind it may be the file.</summary>
    public static string[] WriteOut(string[] arguments) => arguments
        .Select(
            (argument, index) =>
                string.Equals(argument, AllowReplace, StringComparison.Ordinal) && !IsWordList(arguments.ElementAtOrDefault(index + 1))
                    ? $"{AllowReplace}={Any}"
                    : argument)
        .ToArray();

    /// <summary>Plans, shows the plan and carries it out.</summary>
    /// <returns>Whether all is as desired now.</returns>
    public static async Task<bool> ConvergeAsync(
        Configuration configuration,
        PlanOptions planOptions,
        PlanTargets targets,
        ApplyOptions options,
        IOutput output,
        CancellationToken cancellationToken) =>
        await CarryOutAsync(
            await new Planner(targets).PlanAsync(configuration, planOptions, cancellationToken), options, output, cancellationToken);

    private static async Task<bool> CarryOutAsync(
        SavedPlan saved,
        Configuration configuration,
        PlanTargets targets,
        ApplyOptions options,
        IOutput output,
        CancellationToken cancellationToken)
    {
        var plan = await new Planner(targets).PlanAsync(configuration, saved.Options, cancellationToken);
        saved.Check(plan);
        return await CarryOutAsync(plan, options, output, cancellationToken);
    }

    private static async Task<bool> CarryOutAsync(Plan plan, ApplyOptions options, IOutput output, CancellationToken cancellationToken)
    {
        output.Show(plan, options);
        return !plan.HasChanges || (await output.ApplyAsync(plan, options, cancellationToken)).Succeeded;
    }

    private static bool IsWordList(string? text) =>
        text is { Length: > 0 } && text.All(character => char.IsAsciiLetter(character) || character == ',');

    private static HashSet<ResourceKind> ReadKinds(ArgumentResult result)
    {
        var kinds = new HashSet<ResourceKind>();
        foreach (var word in result.Tokens.SelectMany(
            token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (string.Equals(word, Any, StringComparison.OrdinalIgnoreCase))
            {
                kinds.UnionWith(ApplyOptions.AnyKind);
            }
            else if (char.IsAsciiLetter(word[0]) && Enum.TryParse<ResourceKind>(word, ignoreCase: true, out var kind))
            {
                _ = kinds.Add(kind);
            }
            else
            {
                result.AddError($"'{ObjectName.Printable(word)}' is not a kind of object. {Nearest.Hint(word, Words())}");
                return [];
            }
        }

        return kinds;
    }

    private static string[] Words() => ApplyOptions.AnyKind.Select(PlanDocument.KindName).ToArray();

    private static string Kinds() => string.Join(", ", Words());
}
