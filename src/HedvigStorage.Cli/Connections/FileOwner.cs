using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace HedvigStorage.Cli.Connections;

/// <summary>Whom a file or folder belongs to, a symbolic link being a file of its own.</summary>
internal static partial class FileOwner
{
    private const int AtFdcwd = -100;
    private const int NoFollow = 0x100;
    private const uint WantsModeAndUser = 0x2 | 0x8;
    private const int WritableByOthers = 0b000_000_010;
    private const int Sticky = 0b001_000_000_000;

    /// <summary>
    /// Tells why what lies at a path may be another user's work, or <see langword="null"/> if it is this user's, or root's, or not there.
    /// </summary>
    /// <param name="path">The path of a file or folder.</param>
    public static string? WhyNotOurs(string path)
    {
        try
        {
            if (!Exists(path))
            {
                return null;
            }

            return OperatingSystem.IsWindows() ? WhyNotOursOnWindows(path) : OperatingSystem.IsLinux() ? WhyNotOursOnLinux(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{path}' cannot be looked at: {e.Message}";
        }
    }

    /// <summary>Tells whether a symbolic link, to a file, a folder or nothing, lies at a path.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path) || IsLink(path);

    [SupportedOSPlatform("linux")]
    private static string? WhyNotOursOnLinux(string path)
    {
        if (Statx(AtFdcwd, path, NoFollow, WantsModeAndUser, out var status) != 0)
        {
            return $"'{path}' cannot be looked at: {Marshal.GetLastPInvokeErrorMessage()}";
        }

        var user = EffectiveUser();
        if (status.User != user && status.User != 0 && !(user == 0 && IsBehindSudo(status.User)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"'{path}' belongs to another user (uid {status.User}, and you are {user})");
        }

        return !IsLink(path) && (status.Mode & WritableByOthers) != 0 && (status.Mode & Sticky) == 0
            ? $"'{path}' can be written by every user"
            : null;
    }

    // Whoever became root by sudo has rights enough to be trusted with it.
    private static bool IsBehindSudo(uint owner) =>
        uint.TryParse(Environment.GetEnvironmentVariable("SUDO_UID"), NumberStyles.None, CultureInfo.InvariantCulture, out var sudo)
            && sudo == owner;

    [SupportedOSPlatform("windows")]
    private static string? WhyNotOursOnWindows(string path)
    {
        var owner = new FileInfo(path).GetAccessControl(AccessControlSections.Owner)
            .GetOwner(typeof(SecurityIdentifier)) as SecurityIdentifier;
        using var us = WindowsIdentity.GetCurrent();
        return owner is not null
            && ((us.User is { } user && owner.Equals(user)) || owner.IsWellKnown(
                WellKnownSidType.BuiltinAdministratorsSid) || owner.IsWellKnown(WellKnownSidType.LocalSystemSid))
            ? null
            : $"'{path}' belongs to another user ({owner})";
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Status status);

    /// <summary>The kernel's <c>struct statx</c>, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
