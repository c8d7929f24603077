using System.Management.Automation.Language;
using HedvigStorage.Loading;

namespace HedvigStorage.Documents;

/// <summary>
/// Reads a document from a JSON file or a PowerShell data file into dictionaries, lists and plain values. Nothing of it is run.
/// </summary>
internal static class DocumentFile
{
    public static object? Read(string path)
    {
        var text = ReadText(path);
        return string.Equals(Path.GetExtension(path), ".psd1", StringComparison.OrdinalIgnoreCase)
            ? ReadData(text, path)
            : LoadedClient.Instance.ReadJson(text, path);
    }

    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="ClusterException">It is not there, or cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return StrictText.ReadFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClusterException(ErrorCode.NotFound, $"There is no file '{path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"The file '{path}' cannot be read: {e.Message}", e);
        }
    }

    private static object? ReadData(string text, string path)
    {
        var script = Parser.ParseInput(text, path, out _, out var errors);
        if (errors.Length > 0)
        {
            var error = errors[0];
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"{path}:{error.Extent.StartLineNumber}:{error.Extent.StartColumnNumber}: {error.Message}");
        }

        if (script.EndBlock?.Statements is not { Count: 1 } statements
            || (statements[0] as PipelineAst)?.GetPureExpression() is not HashtableAst table)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"{path}: a PowerShell data file holds one hashtable, @{{ … }}, and nothing else.");
        }

        try
        {
            return table.SafeGetValue();
        }
        catch (InvalidOperationException e)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"{path}: a PowerShell data file holds literal values only, no variables, commands or expressions.",
                e);
        }
    }
}
