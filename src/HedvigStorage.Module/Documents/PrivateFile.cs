using HedvigStorage.Files;

namespace HedvigStorage.Documents;

/// <summary>Writes a file that is whole or not there, and where the platform has file modes its owner's alone.</summary>
internal static class PrivateFile
{
    private const int OwnerMayDoAll = 0x1C0;

    /// <summary>Writes a text as UTF-8, with one line break at its end.</summary>
    /// <exception cref="ClusterException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, string text)
    {
        try
        {
            var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: NeedsMark(path, text));
            DurableFile.Write(
                path,
                [.. encoding.GetPreamble(), .. encoding.GetBytes(text + "\n")],
                DurableFile.OwnerOnly,
                DurableFile.OwnUnfinished(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
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
            UnixMode.Set(path, OwnerMayDoAll);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The folder '{path}' cannot be made: {e.Message}", e);
        }
    }

    // Windows PowerShell takes a script file without a mark for one in the machine's own code page.
    private static bool NeedsMark(string path, string text) =>
        path.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase) && Array.Exists(text.ToCharArray(), character => character > '\u007f');
}
