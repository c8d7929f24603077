using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HedvigStorage.Architecture;

/// <summary>Who may know whom: the projects are held against the table.</summary>
public sealed class RoomTests
{
    public static TheoryData<Room> Rooms => new(Room.All);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_uses_none_but_those_that_it_may(Room room)
    {
        var ours = Room.All.Select(other => other.Assembly).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(ReferencesOf(room.Path).Where(ours.Contains).Except(room.MayUse));
    }

    [Theory]
    [InlineData("HedvigStorage.Core")]
    [InlineData("HedvigStorage.Module")]
    public void What_runs_inside_PowerShell_brings_no_package(string project)
    {
        var references = ReferencesOf(Room.Of(project).Path);
        Assert.Empty(references.Except(["netstandard", "System.Management.Automation", "HedvigStorage.Core"], StringComparer.Ordinal));
    }

    [Fact]
    public void Each_project_of_the_product_has_its_row_in_the_table() =>
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
                .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            Room.All.Select(room => room.Project).Order(StringComparer.Ordinal));

    private static List<string> ReferencesOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
