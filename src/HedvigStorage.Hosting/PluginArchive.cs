#if NET8_0_OR_GREATER
using System.Formats.Tar;
using System.Text.Json;
#endif

namespace HedvigStorage.Hosting;

/// <summary>
/// Makes the archive that the Docker Engine takes a managed plugin from: its <c>config.json</c>, and a root file system of programs and
/// libraries of this machine, nothing downloaded. Source of the form: the Engine API's <c>POST /plugins/create</c>.
/// </summary>
internal static class PluginArchive
{
#if NET8_0_OR_GREATER
    private const string RuntimeFolder = "/usr/share/dotnet";

    // .NET opens this one by name, when https is first spoken, so it is in no list of needed libraries.
    private static readonly string[] TlsLibraries = ["libssl.so.3", "libssl.so.1.1"];
    private static readonly string[] Authorities = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];

    /// <summary>Writes the archive.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="configuration">What the engine is to know of the plugin.</param>
    /// <param name="executable">The plugin host: one file that needs nothing installed, or one that needs the .NET of this machine, which
    /// is added then.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unsupported"/>: something that it is made of is not installed; the
    /// message says what to install.</exception>
    public static void Write(Stream target, ManagedPluginConfiguration configuration, string executable)
    {
        using var writer = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        using var json = new MemoryStream(
            JsonSerializer.SerializeToUtf8Bytes(configuration, HostingJson.Default.ManagedPluginConfiguration));
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "config.json") { DataStream = json });
        var root = new RootFileSystem(writer, "rootfs");
        string[] folders =
        [
            "/dev", "/proc", "/sys", "/tmp", "/run/docker/plugins",
            ManagedPluginConfiguration.MountRoot, ManagedPluginConfiguration.StateDirectory,
        ];
        foreach (var folder in folders)
        {
            root.AddFolder(folder);
        }

        AddSystem(root);
        AddPluginHost(root, executable);
    }

    private static void AddSystem(RootFileSystem root)
    {
        root.AddText("root:x:0:0:root:/:/bin/sh\n", "/etc/passwd");
        root.AddText("root:x:0:\n", "/etc/group");
        if (File.Exists("/etc/mke2fs.conf"))
        {
            root.AddFile("/etc/mke2fs.conf", "/etc/mke2fs.conf");
        }

        var given = Environment.GetEnvironmentVariable(ManagedPluginConfiguration.AuthoritiesVariable);
        if (Authorities.Prepend(given).FirstOrDefault(File.Exists) is { } authorities)
        {
            root.AddFile(authorities, ManagedPluginConfiguration.AuthoritiesFile);
        }

        // xfs_admin is a script.
        root.AddPrograms([.. PluginTools.FindAll(), "/bin/sh"]);
    }

    private static void AddPluginHost(RootFileSystem root, string executable)
    {
        var folder = Path.GetDirectoryName(executable)!;
        string[] programs = [executable];
        if (File.Exists(executable + ".dll"))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Concat(
                Directory.EnumerateFiles(folder, HostExecutables.PluginHost + ".*.json")))
            {
                root.AddFile(file, Path.Combine(ManagedPluginConfiguration.ProgramFolder, Path.GetFileName(file)));
            }

            programs = [executable, .. AddRuntime(root, executable)];
        }

        root.AddFile(executable, ManagedPluginConfiguration.Program);
        var libraries = SharedLibraries.Of(programs);
        root.AddPrograms(
            [.. libraries.Where(library => !programs.Contains(library)), FindTlsLibrary(libraries.Select(Path.GetDirectoryName))]);
    }

    private static string FindTlsLibrary(System.Collections.Generic.IEnumerable<string?> folders) =>
        folders.Distinct(StringComparer.Ordinal).SelectMany(folder => TlsLibraries.Select(library => Path.Combine(folder!, library)))
            .FirstOrDefault(File.Exists)
        ?? throw new ClusterException(ErrorCode.Unsupported, $"None of {string.Join(", ", TlsLibraries)} is installed on this machine, "
            + "which the plugin host speaks https with. On Debian it comes with: libssl3.");

    // Returns the libraries of the runtime that need libraries of the system. The one for traces needs a library that hardly any machine
    // has, and is done without.
    private static string[] AddRuntime(RootFileSystem root, string executable)
    {
        var runtime = RuntimeRoot.Find()
            ?? throw new ClusterException(
                ErrorCode.Unsupported, $"'{executable}' needs .NET, which is not found on this machine. Set DOTNET_ROOT to its folder.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(executable + ".runtimeconfig.json"));
        var options = document.RootElement.GetProperty("runtimeOptions");
        var frameworks = options.TryGetProperty("frameworks", out var several) ? several.EnumerateArray() : default;
        string[] folders =
        [
            Newest(Path.Combine(runtime, "host", "fxr"), new Version(0, 0)),
            .. frameworks.Select(
                framework =>
                    Newest(
                        Path.Combine(runtime, "shared", framework.GetProperty("name").GetString()!),
                        Version.Parse(framework.GetProperty("version").GetString()!))),
        ];
        foreach (var folder in folders)
        {
            root.AddTree(folder, Path.Combine(RuntimeFolder, Path.GetRelativePath(runtime, folder)));
        }

        root.AddText(RuntimeFolder + "\n", "/etc/dotnet/install_location");
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.so"))
            .Where(file => !file.EndsWith("traceptprovider.so", StringComparison.Ordinal)).ToArray();
    }

    private static string Newest(string folder, Version least) =>
        (from version in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : []
         let number = Version.TryParse(Path.GetFileName(version), out var parsed) ? parsed : null
         where number >= least && (least.Major == 0 || number.Major == least.Major)
         orderby number descending
         select version).FirstOrDefault()
        ?? throw new ClusterException(
            ErrorCode.Unsupported, $"The .NET of this machine has no version {least} or later in '{folder}', which the plugin host needs.");
#else
    /// <summary>Windows PowerShell, the one user of this build, is on no machine that a plugin could be made of.</summary>
    public static void Write(Stream target, ManagedPluginConfiguration configuration, string executable) =>
        throw new ClusterException(
            ErrorCode.Unsupported,
            $"{executable} runs on Linux only, so the plugin '{configuration.Description}' is made there. "
                + $"Nothing was written to {target}.");
#endif
}
