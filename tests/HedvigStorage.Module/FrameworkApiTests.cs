namespace HedvigStorage.Module.Tests;

/// <summary>What Windows PowerShell 5.1 loads holds only what .NET Framework 4.7.2 and the assemblies that come along have.</summary>
public sealed class FrameworkApiTests : IDisposable
{
    private static readonly string Layout = Path.Combine(Repository.Root, "artifacts", "HedvigStorage");
    private static readonly string[] Ours = [.. Files(Layout, "bin"), .. Files(Layout, "dependencies", "netstandard2.0")];

    private readonly AssemblySet _assemblies = new(
    [
        .. Files(Package("microsoft.netframework.referenceassemblies.net472"), "build", ".NETFramework", "v4.7.2"),
        .. Files(Package("microsoft.netframework.referenceassemblies.net472"), "build", ".NETFramework", "v4.7.2", "Facades"),
        .. Files(Package("powershellstandard.library"), "lib", "netstandard2.0"),
        .. Ours,
    ]);

    [Fact]
    public void Every_type_and_member_that_they_use_is_there()
    {
        var names = Ours.Select(path => Path.GetFileNameWithoutExtension(path)).ToArray();
        Assert.Contains("HedvigStorage.Module", names);
        Assert.Contains("HedvigStorage.Client", names);

        Assert.Empty(_assemblies.Named(names).SelectMany(_assemblies.FindMissing).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_only_a_later_runtime_has_is_named()
    {
        using var assemblies = new AssemblySet(
        [
            .. Files(Package("microsoft.netframework.referenceassemblies.net472"), "build", ".NETFramework", "v4.7.2"),
            typeof(FrameworkApiTests).Assembly.Location,
        ]);

        var missing = assemblies.Named("HedvigStorage.Module.Tests").SelectMany(assemblies.FindMissing).ToArray();

        Assert.Contains(
            missing,
            name =>
                name.StartsWith(
                    "HedvigStorage.Module.Tests: the type System.Reflection.Metadata.MetadataReader of System.Reflection.Metadata",
                    StringComparison.Ordinal));
    }

    // A console belongs to the host of a session, not to a cmdlet.
    [Theory]
    [InlineData("HedvigStorage.Module")]
    [InlineData("HedvigStorage.Core")]
    public void The_assemblies_in_the_session_write_to_no_console(string name)
    {
        var types = _assemblies.Named(name)
            .SelectMany(reader => reader.TypeReferences.Select(handle => TypeNameProvider.NameOf(reader, handle)));

        Assert.DoesNotContain("System.Console", types);
    }

    public void Dispose() => _assemblies.Dispose();

    private static string Package(string id) =>
        Directory.GetDirectories(Path.Combine(Repository.Packages, id)).Order(StringComparer.Ordinal).Last();

    private static IEnumerable<string> Files(string folder, params string[] parts) =>
        Directory.GetFiles(Path.Combine([folder, .. parts]), "*.dll").Order(StringComparer.Ordinal);
}
