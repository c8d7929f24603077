using HedvigStorage.Cli.Output;

namespace HedvigStorage.Cli.Dsc;

/// <summary>Says things on standard error as DSC takes them: one JSON object a line, named by its level.</summary>
internal static class DscTrace
{
    public static void Error(string message) => Write("error", message);

    public static void Warn(string message) => Write("warn", message);

    public static void Info(string message) => Write("info", message);

    private static void Write(string level, string message) =>
        Console.Error.WriteLine(
            DocumentJson.Write(
                new Dictionary<string, object?>(StringComparer.Ordinal) { [level] = message.ReplaceLineEndings(" ") }, indented: false));
}
