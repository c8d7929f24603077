namespace HedvigStorage.HelpWriter.Output;

/// <summary>Writes a file of help.</summary>
internal static class HelpFile
{
    // Windows PowerShell reads what has no mark in the machine's own code page.
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: true);

    public static void Write(string path, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ReplaceLineEndings(Environment.NewLine), Encoding);
    }
}
