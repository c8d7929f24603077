using Spectre.Console;

namespace HedvigStorage.Cli.Output;

/// <summary>Chooses where a command speaks to.</summary>
internal static class Outputs
{
    public static IOutput Choose(bool json)
    {
        if (json)
        {
            return new JsonLines(Console.Out, TimeProvider.System);
        }

        // NO_COLOR and TERM=dumb ask for plain lines; a pipe or a log gets them unasked.
        var plain = Console.IsOutputRedirected
            || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
            || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        return plain
            ? new PlainText(Console.Out, Console.Error, TimeProvider.System)
            : new TerminalText(AnsiConsole.Console, Console.Out, Console.Error, TimeProvider.System);
    }
}
