using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Machine;
using HedvigStorage.Files;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Files and directories that only their user may read, by their mode.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxPrivateFiles : IPrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public void CreateDirectory(string path) => _ = Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    public void CloseDirectory(string path) => File.SetUnixFileMode(path, OwnerOnly | UnixFileMode.UserExecute);

    // The kernel names images by their real path, with which they are compared.
    public string Resolve(string path)
    {
        var root = Path.GetPathRoot(path)!;
        var resolved = root;
        foreach (var part in path[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, part);
            resolved = new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }

        return resolved;
    }

    public FileStream OpenLock(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = OwnerOnly,
    });

    public void Write(string path, byte[] content) => DurableFile.Write(path, content, DurableFile.OwnerOnly);
}
