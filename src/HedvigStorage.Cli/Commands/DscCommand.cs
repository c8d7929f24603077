using System.CommandLine;
using HedvigStorage.Cli.Dsc;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv dsc</c>: the resources that the manifests beside hv name. DSC starts it, an instance as JSON on standard input.</summary>
internal static class DscCommand
{
    public static Command Create()
    {
        var whatIf = new Option<bool>("--what-if") { Description = "Show what would change; change nothing." };
        var set = Create(
            "set",
            "Brings an instance to the state that is given.",
            (resource, text, parsed, token) => DscOperations.SetAsync(resource, text, parsed.GetValue(whatIf), token));
        set.Options.Add(whatIf);
        return new Command("dsc", "Runs an operation of a resource of Microsoft DSC v3. The instance is JSON on standard input.")
        {
            Create("get", "Shows an instance as it is.", (resource, text, _, token) => DscOperations.GetAsync(resource, text, token)),
            Create(
                "test",
                "Shows whether an instance is as desired.",
                (resource, text, _, token) => DscOperations.TestAsync(resource, text, token)),
            set,
            Create("delete", "Removes an instance.", (resource, text, _, token) => DscOperations.DeleteAsync(resource, text, token)),
            Create(
                "export",
                "Shows all instances, one a line.",
                (resource, text, _, token) => DscOperations.ExportAsync(resource, text, token)),
            CreateSchema(),
        };
    }

    private static Command Create(string name, string description, Func<DscResource, string, ParseResult, CancellationToken, Task> work)
    {
        var resource = ResourceOption();
        var command = new Command(name, description) { resource };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            async () => await work(DscResource.Find(parsed.GetRequiredValue(resource)), ReadInput(), parsed, cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command CreateSchema()
    {
        var resource = ResourceOption();
        var command = new Command("schema", "Shows the JSON Schema of an instance.") { resource };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            () =>
            {
                DscOperations.Schema(DscResource.Find(parsed.GetRequiredValue(resource)));
                return Task.CompletedTask;
            },
            cancellationToken));
        return command;
    }

    private static Option<string> ResourceOption()
    {
        var option = new Option<string>("--resource")
        {
            Description = $"The resource: {string.Join(", ", DscResource.All.Select(resource => resource.Name))}.",
            HelpName = "NAME",
            Required = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !DscResource.All.Any(resource => string.Equals(resource.Name, token.Value, StringComparison.OrdinalIgnoreCase)))
            {
                result.AddError(
                    $"'{ObjectName.Printable(token.Value)}' is not a resource. "
                        + $"{Nearest.Hint(token.Value, DscResource.All.Select(resource => resource.Name).ToArray())}");
            }
        });
        return option;
    }

    private static string ReadInput()
    {
        try
        {
            return Console.IsInputRedirected ? StrictText.Read(Console.OpenStandardInput()) : string.Empty;
        }
        catch (IOException e)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"Standard input cannot be read: {e.Message}", e);
        }
    }

    private static async Task<int> RunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
            return DscExit.Success;
        }
        catch (ClusterException e)
        {
            DscTrace.Error(e.Message);
            return DscExit.Of(e.Code);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            DscTrace.Error("Interrupted.");
            return DscExit.Failed;
        }
        catch (Exception e)
        {
            // DSC shows each line of standard error by itself: a stack trace would be a heap of errors.
            DscTrace.Error($"An error of hv itself: {e.GetType().Name}: {e.Message}");
            return DscExit.Failed;
        }
    }
}
