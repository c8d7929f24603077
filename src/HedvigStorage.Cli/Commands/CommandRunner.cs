using System.CommandLine;
using HedvigStorage.Cli.Output;

namespace HedvigStorage.Cli.Commands;

/// <summary>Runs a command's work, and turns every failure into one clear error and the right status.</summary>
internal static class CommandRunner
{
    public static Option<bool> JsonOption() => new("--json") { Description = "Write JSON, one object a line." };

    public static async Task<int> RunAsync(bool json, Func<IOutput, Task<int>> work, CancellationToken cancellationToken)
    {
        var output = Outputs.Choose(json);
        try
        {
            return await work(output);
        }
        catch (ClusterException e)
        {
            output.Fail(e.Code, e.Message);
            return ExitStatus.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            output.Fail(ErrorCode.Internal, "Interrupted.");
            return ExitStatus.Failure;
        }
    }
}
