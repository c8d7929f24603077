using System.CommandLine;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv help COMMAND</c>, which many try before <c>hv COMMAND --help</c>.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "The command, such as plan or cluster start.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        words.Validators.Add(result =>
        {
            if (WhatIsWrong(root, result.Tokens.Select(token => token.Value)) is { } wrong)
            {
                result.AddError(wrong);
            }
        });
        var command = new Command("help", "Shows what a command does and which options it has.") { words };
        command.SetAction(parsed => root.Parse([.. parsed.GetValue(words) ?? [], "--help"]).Invoke(parsed.InvocationConfiguration));
        return command;
    }

    /// <summary>Says that a word is not a command, and what it may have been meant for.</summary>
    public static string Unknown(string word, Command command) =>
        $"'{ObjectName.Printable(word)}' is not a command. "
            + $"{Documents.Nearest.Hint(word, command.Subcommands.Select(sub => sub.Name).ToArray())}";

    private static string? WhatIsWrong(Command command, IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            if (command.Subcommands.FirstOrDefault(sub => string.Equals(sub.Name, word, System.StringComparison.Ordinal)) is not { } found)
            {
                return Unknown(word, command);
            }

            command = found;
        }

        return null;
    }
}
