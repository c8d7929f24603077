using HedvigStorage.HelpWriter.Cmdlets;

namespace HedvigStorage.HelpWriter.Tests;

/// <summary>A cmdlet, and a page that says all of it.</summary>
internal static class Samples
{
    public const string Page = """
        # Get-HvThing

        Gets things.

        ## Description

        Gets *all* `things`
        of a cluster.

        ## Examples

        ### All things

        ```powershell
        Get-HvThing
        ```

        Lists them.

        ### One thing

        ```powershell
        Get-HvThing -Name one
        ```

        ## Parameters

        ### -Name

        Names of things. The default is all, whatever they are.

        ## Inputs

        ### System.String

        Names.

        ## Outputs

        ### HedvigStorage.Thing

        Each thing.

        ## Related links

        - [elsewhere](https://example.com/)
        """;

    public static Cmdlet Cmdlet { get; } = new(
        "Get",
        "HvThing",
        DefaultParameterSet: null,
        [new CmdletParameter(
            "Name",
            "String[]",
            [],
            [],
            Wildcards: true,
            Default: null,
            [new ParameterUse(null, Mandatory: false, 0, ByValue: true, ByPropertyName: false)])],
        ["HedvigStorage.Thing"]);
}
