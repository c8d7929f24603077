using HedvigStorage.Client.Plans;
using HedvigStorage.Documents;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Connections;

/// <summary>Files of saved plans.</summary>
internal static class PlanFile
{
    public static Task WriteAsync(string path, Plan plan, DateTimeOffset now) => OutputFile.WriteAsync(path, SavedPlan.Write(plan, now));

    /// <summary>Reads a saved plan.</summary>
    /// <exception cref="ClusterException">The file is not there, or is not a plan of a form that is known.</exception>
    public static SavedPlan Read(string path)
    {
        try
        {
            return SavedPlan.Read(StrictText.ReadFile(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ClusterException(ErrorCode.NotFound, $"There is no file '{path}'. Save a plan with 'hv plan FILE --out {path}'.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
