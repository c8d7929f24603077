using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>
/// A rename over what is there, on the disk when it returns: a step of the file system's journal, so a crash leaves one of the two, whole.
/// </summary>
[SupportedOSPlatform("windows")]
internal static class WindowsRename
{
    private const int AccessDenied = 5;

    public static void Replace(string source, string target)
    {
        if (WindowsCalls.Move(source, target, WindowsCalls.ReplaceExisting | WindowsCalls.WriteThrough))
        {
            return;
        }

        var code = Marshal.GetLastPInvokeError();
        var message = $"'{target}' cannot be replaced: {Marshal.GetPInvokeErrorMessage(code)}";
        throw code == AccessDenied ? new UnauthorizedAccessException(message) : new IOException(message, unchecked((int)0x80070000) | code);
    }
}
