using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Machine;
using HedvigStorage.Files;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>
/// Files and directories for their user, the system and the machine's administrators, whatever the directory above grants.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsPrivateFiles : IPrivateFiles
{
    private const int BufferSize = 4096;

    public void CreateDirectory(string path)
    {
        RefuseElsewhere(path);
        new DirectoryInfo(path).Create(ForDirectory());
    }

    public void CloseDirectory(string path) => new DirectoryInfo(path).SetAccessControl(ForDirectory());

    public string Resolve(string path)
    {
        RefuseElsewhere(path);
        return path;
    }

    public FileStream OpenLock(string path) => new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    public void Write(string path, byte[] content) =>
        DurableFile.Replace(path, path + DurableFile.Unfinished, CreateNew, file => file.Write(content), WindowsRename.Replace);

    // The catalog's journal needs shared memory, which a file server has not.
    private static void RefuseElsewhere(string path)
    {
        if (path.StartsWith(@"\\", StringComparison.Ordinal) || new DriveInfo(Path.GetPathRoot(path)!).DriveType == DriveType.Network)
        {
            throw new StartException(
                $"The data directory '{path}' is not on a drive of this machine. Give one such as "
                    + "C:\\ProgramData\\HedvigStorage\\cluster.");
        }
    }

    private static FileStream CreateNew(string path) =>
        new FileInfo(path).Create(FileMode.CreateNew, FileSystemRights.Write, FileShare.None, BufferSize, FileOptions.None, ForFile());

    private static DirectorySecurity ForDirectory()
    {
        var security = new DirectorySecurity();
        Close(security, InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit);
        return security;
    }

    private static FileSecurity ForFile()
    {
        var security = new FileSecurity();
        Close(security, InheritanceFlags.None);
        return security;
    }

    private static void Close(FileSystemSecurity security, InheritanceFlags inheritance)
    {
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        using var user = WindowsIdentity.GetCurrent();
        foreach (var who in new[] { user.User!, new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null), new SecurityIdentifier(
            WellKnownSidType.BuiltinAdministratorsSid, null) })
        {
            security.AddAccessRule(
                new FileSystemAccessRule(who, FileSystemRights.FullControl, inheritance, PropagationFlags.None, AccessControlType.Allow));
        }
    }
}
