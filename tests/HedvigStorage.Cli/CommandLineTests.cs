using System.CommandLine;
using HedvigStorage.Cli.Commands;

namespace HedvigStorage.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("site.json --allow-replace")]
    [InlineData("--allow-replace site.json")]
    [InlineData("--allow-replace --json site.json")]
    [InlineData("site.json --allow-replace container,Volume")]
    [InlineData("site.json --allow-replace=container --allow-replace network")]
    [InlineData("site.json --parallel 64 --allow-remove --prune")]
    [InlineData("site.json --plan saved.plan")]
    public void Apply_takes(string arguments) => Assert.Empty(Errors(arguments));

    [Theory]
    [InlineData("site.json --allow-replace volme", "Did you mean 'volume'?")]
    [InlineData("site.json --allow-replace=volume,3", "'3' is not a kind of object")]
    [InlineData("site.json --parallel 0", "1 to 64")]
    [InlineData("site.json --parallel many", "1 to 64, not 'many'")]
    [InlineData("site.json --plan saved.plan --prune", "leave --prune out")]
    public void Apply_refuses(string arguments, string expected) =>
        Assert.Contains(Errors(arguments), error => error.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Export_refuses_the_environment_without_containers_and_a_name_that_is_none()
    {
        Assert.Contains(
            ExportCommand.Create().Parse(["--environment"]).Errors,
            error => error.Message.Contains("--containers", StringComparison.Ordinal));
        Assert.Contains(
            ExportCommand.Create().Parse(["--name", "a/b"]).Errors,
            error => error.Message.Contains("'a/b' is not a valid name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("plan", null)]
    [InlineData("cluster start", null)]
    [InlineData("", null)]
    [InlineData("plam", "Did you mean 'plan'?")]
    [InlineData("cluster stat", "Did you mean 'start'?")]
    public void Help_is_given_for_commands_that_there_are(string words, string? expected)
    {
        var root = new RootCommand { PlanCommand.Create(), LocalClusterCommand.Create() };
        root.Subcommands.Add(HelpCommand.Create(root));
        var parsed = root.Parse(["help", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(expected is null, parsed.Errors.Count == 0);
        Assert.All(parsed.Errors, error => Assert.Contains(expected!, error.Message, StringComparison.Ordinal));
        if (expected is null)
        {
            using var shown = new StringWriter();
            Assert.Equal(0, parsed.Invoke(new InvocationConfiguration { Output = shown }));
            Assert.Contains("--help", shown.ToString(), StringComparison.Ordinal);
        }
    }

    private static string[] Errors(string arguments) =>
        ApplyCommand.Create().Parse(ApplyCommand.WriteOut(arguments.Split(' '))).Errors.Select(error => error.Message).ToArray();
}
