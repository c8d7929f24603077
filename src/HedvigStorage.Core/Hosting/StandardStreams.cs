namespace HedvigStorage.Hosting;

/// <summary>Standard output and error of a program, neither of which can end its work by failing.</summary>
public sealed class StandardStreams
{
    private readonly GuardedWriter _output;

    private StandardStreams(GuardedWriter output) => _output = output;

    /// <summary>Gets why something could not be written to standard output, or <see langword="null"/> if all was.</summary>
    public Exception? OutputFailure
    {
        get
        {
            _output.Flush();
            return _output.Failure;
        }
    }

    /// <summary>Puts guards in the place of the console's writers, for everything that writes to those.</summary>
    public static StandardStreams Guard()
    {
        var streams = new StandardStreams(new GuardedWriter(Console.Out));
        Console.SetOut(streams._output);
        Console.SetError(new GuardedWriter(Console.Error));
        return streams;
    }
}
