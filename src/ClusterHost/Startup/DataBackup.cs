using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.Files;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>Copies the catalog of a data directory that no host serves.</summary>
internal static class DataBackup
{
    /// <summary>Writes the copy, which its owner alone may read.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="file">Where the copy goes; nothing is there yet.</param>
    /// <returns>What was done, as a sentence.</returns>
    /// <exception cref="StartException">It cannot be made; nothing has changed.</exception>
    public static async Task<string> RunAsync(string data, string file)
    {
        // To open a directory makes it.
        if (!File.Exists(DataDirectory.CatalogIn(data)))
        {
            throw new StartException($"The data directory '{data}' does not exist or has no catalog.");
        }

        if (Path.Exists(file))
        {
            throw new StartException($"'{file}' already exists. Give the name of a new file.");
        }

        using var directory = DataDirectory.Open(data);
        var examination = CatalogExamination.Run(directory.CatalogFile, thorough: true);
        if (examination.Problems.Count > 0)
        {
            throw new StartException($"{examination.Problems[0]} {CatalogDatabase.Advice}");
        }

        var unfinished = CatalogCopy.PathIn(directory.Path);
        try
        {
            using var catalog = new CatalogConnection(directory.CatalogFile, readOnly: true);
            var copy = CatalogCopy.Make(catalog, unfinished);
            await using (var source = File.OpenRead(unfinished))
            {
                await DurableFile.WritePrivateAsync(file, target => source.CopyToAsync(target));
            }

            return string.Create(
                CultureInfo.InvariantCulture,
                $"The catalog is in {file}: {copy.Volumes} {(copy.Volumes == 1 ? "volume" : "volumes")}, "
                    + $"{new FileInfo(file).Length} bytes.");
        }
        catch (ClusterException error)
        {
            throw new StartException(error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"'{file}' cannot be written: {error.Message}", error);
        }
        finally
        {
            CatalogCopy.Remove(unfinished);
        }
    }
}
