using System.Reflection;

namespace HedvigStorage.Documents;

/// <summary>Writes a file that is whole or not there, and where the platform has file modes its owner's alone.</summary>
internal static class PrivateFile
{
    private const int OwnerMayReadAndWrite = 0x180;
    private const int OwnerMayDoAll = 0x1C0;

    /// <summary>Writes a text as UTF-8, with one line break at its end.</summary>
    /// <exception cref="ClusterException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (File.Create(temporary))
            {
                // Made empty, and closed to others before anything is in it.
            }

            Close(temporary, OwnerMayReadAndWrite);
            File.WriteAllText(temporary, text + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: NeedsMark(path, text)));
            if (File.Exists(path))
            {
                File.Replace(temporary, path, destinationBackupFileName: null);
            }
            else
            {
                File.Move(temporary, path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            File.Delete(temporary);
            throw new ClusterException(ErrorCode.InvalidArgument, $"The file '{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Makes a folder if it is not there, and closes it to others.</summary>
    /// <exception cref="ClusterException">It cannot be made.</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            _ = Directory.CreateDirectory(path);
            Close(path, OwnerMayDoAll);
        }
        catch (Exception e) when (e is TargetInvocationException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The folder '{path}' cannot be made: {(e.InnerException ?? e).Message}", e);
        }
    }

    // Windows PowerShell takes a script file without a mark for one in the machine's own code page.
    private static bool NeedsMark(string path, string text) =>
        path.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase) && Array.Exists(text.ToCharArray(), character => character > '\u007f');

    // .NET 7 has file modes; .NET Standard has no name for them.
    private static void Close(string path, int bits)
    {
        var mode = Type.GetType("System.IO.UnixFileMode, System.Runtime") ?? typeof(File).Assembly.GetType("System.IO.UnixFileMode");
        if (Environment.OSVersion.Platform == PlatformID.Unix && mode is not null)
        {
            _ = typeof(File).GetMethod("SetUnixFileMode", [typeof(string), mode])?.Invoke(null, [path, Enum.ToObject(mode, bits)]);
        }
    }
}
