using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Connections;

/// <summary>Reads a configuration from a file, or from standard input as <c>-</c>.</summary>
internal static class ConfigurationFile
{
    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ClusterException">The file cannot be read or is not a configuration.</exception>
    public static Configuration Read(string path)
    {
        if (path.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"{path}: a PowerShell data file is read by the module: Compare-HvConfiguration, "
                    + "Test-HvConfiguration or Invoke-HvConfiguration. hv reads JSON.");
        }

        if (Directory.Exists(path))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"'{path}' is a folder. Give the configuration's file, such as "
                    + $"{Path.Combine(path, Documents(path) is [var first, ..] ? first : "site.json")}.");
        }

        var source = string.Equals(path, "-", StringComparison.Ordinal) ? "standard input" : path;
        return ConfigurationReader.Read(Connector.ReadJson(ReadText(path), source), source);
    }

    private static string[] Documents(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.json").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return string.Equals(path, "-", StringComparison.Ordinal)
                ? StrictText.Read(Console.OpenStandardInput())
                : StrictText.ReadFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClusterException(ErrorCode.NotFound, $"There is no file '{path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
