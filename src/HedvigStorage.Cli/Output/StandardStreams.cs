using System;

namespace HedvigStorage.Cli.Output;

/// <summary>Standard output and error of this process, neither of which can end a command's work by failing.</summary>
internal sealed class StandardStreams
{
    private readonly GuardedWriter _output;
    private readonly GuardedWriter _errors;

    private StandardStreams(GuardedWriter output, GuardedWriter errors)
    {
        _output = output;
        _errors = errors;
    }

    /// <summary>Puts the guards in the place of the console's writers, for everything that writes to those.</summary>
    public static StandardStreams Guard()
    {
        var streams = new StandardStreams(new GuardedWriter(Console.Out), new GuardedWriter(Console.Error));
        Console.SetOut(streams._output);
        Console.SetError(streams._errors);
        return streams;
    }

    /// <summary>Completes a command's status: one whose results were lost has failed, and says so once.</summary>
    /// <param name="status">The status of the work itself.</param>
    public int Complete(int status)
    {
        _output.Flush();
        if (_output.Failure is not { } failure)
        {
            return status;
        }

        _errors.WriteLine($"hv: the output could not be written to its end: {failure.Message}");
        _errors.Flush();
        return ExitStatus.Failure;
    }
}
