using System.Text.Json;
using HedvigStorage.Files;

namespace HedvigStorage.Hosting;

/// <summary>The records of installed plugin hosts, a file each.</summary>
internal sealed class PluginRegistry(string directory)
{
    public string LogFile(string name) => Path.Combine(directory, name + ".log");

    public PluginRecord? Read(string name)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(RecordFile(name)), HostingJson.Default.PluginRecord);
        }
        catch (System.Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (System.Exception exception) when (exception is JsonException or IOException or System.UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Internal, $"The record of the plugin, '{RecordFile(name)}', cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a record whole or not at all, whenever the machine stops.</summary>
    public void Write(PluginRecord record)
    {
        _ = Directory.CreateDirectory(directory);
        DurableFile.Write(RecordFile(record.Name), JsonSerializer.SerializeToUtf8Bytes(record, HostingJson.Default.PluginRecord));
    }

    public void Remove(string name) => File.Delete(RecordFile(name));

    private string RecordFile(string name) => Path.Combine(directory, name + ".json");
}
