using System.Text.Json;

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
            throw new ClusterException(ErrorCode.Internal, $"The record of the plugin, '{RecordFile(name)}', cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a record whole or not at all, whenever the machine stops.</summary>
    public void Write(PluginRecord record)
    {
        _ = Directory.CreateDirectory(directory);
        var target = RecordFile(record.Name);
        var temporary = target + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(record, HostingJson.Default.PluginRecord);
            file.Write(bytes, 0, bytes.Length);
            file.Flush(flushToDisk: true);
        }

#if NET8_0_OR_GREATER
        File.Move(temporary, target, overwrite: true);
#else
        if (File.Exists(target))
        {
            File.Replace(temporary, target, destinationBackupFileName: null);
        }
        else
        {
            File.Move(temporary, target);
        }
#endif
    }

    public void Remove(string name) => File.Delete(RecordFile(name));

    private string RecordFile(string name) => Path.Combine(directory, name + ".json");
}
