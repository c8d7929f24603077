using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HedvigStorage.Architecture;

/// <summary>One name means one thing.</summary>
public sealed class TypeNameTests
{
    // Where each program begins.
    private const string EntryPoint = "Program";

    [Fact]
    public void No_two_types_of_different_projects_have_one_name() =>
        Assert.Empty(Room.All.SelectMany(room => TypesOf(room).Select(type => (room.Project, Type: type)))
            .GroupBy(pair => pair.Type, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(pair => pair.Project))}"));

    // What the compiler and its generators add is in namespaces of .NET's, or has a name that no source can give.
    private static IEnumerable<string> TypesOf(Room room)
    {
        using var file = new PEReader(File.OpenRead(room.Path));
        var metadata = file.GetMetadataReader();
        return
        [
            .. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => type.GetDeclaringType().IsNil)
                .Where(type => metadata.GetString(type.Namespace).StartsWith("HedvigStorage", StringComparison.Ordinal))
                .Select(type => metadata.GetString(type.Name))
                .Where(name => !name.StartsWith('<') && !string.Equals(name, EntryPoint, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
    }
}
