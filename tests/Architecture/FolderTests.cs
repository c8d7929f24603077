using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;

namespace HedvigStorage.Architecture;

/// <summary>Within a project the arrows between folders run one way.</summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("HedvigStorage.Core", "HedvigStorage")]
    [InlineData("HedvigStorage.Client", "HedvigStorage.Client")]
    [InlineData("HedvigStorage.Module", "HedvigStorage")]
    [InlineData("HedvigStorage.Cli", "HedvigStorage.Cli")]
    [InlineData("HedvigStorage.Linux", "HedvigStorage.Linux")]
    [InlineData("HelpWriter", "HedvigStorage.HelpWriter")]
    [InlineData("ClusterHost", "HedvigStorage.ClusterHost")]
    [InlineData("PluginHost", "HedvigStorage.PluginHost")]
    public void No_folder_is_in_a_circle(string project, string root)
    {
        var architecture = new ArchLoader().LoadAssembly(System.Reflection.Assembly.LoadFrom(Room.Of(project).Path)).Build();
        var rule = SliceRuleDefinition.Slices().Matching(root + ".(*)").Should().BeFreeOfCycles();
        Assert.Empty(rule.Evaluate(architecture).Where(result => !result.Passed).Select(result => result.Description));
    }
}
