using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>The records of all volumes that this plugin host has attached. What is changed is on disk before the call returns.</summary>
internal sealed class MountTable
{
    private readonly ConcurrentDictionary<string, MountRecord> _records = new(StringComparer.Ordinal);
    private readonly string _directory;
    private readonly string _temporaryDirectory;

    private MountTable(string directory, string temporaryDirectory)
    {
        _directory = directory;
        _temporaryDirectory = temporaryDirectory;
    }

    /// <summary>Reads the table, or begins an empty one.</summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <exception cref="ClusterException">A record cannot be read: nothing may be mounted or unmounted before it is known what it says.</exception>
    public static MountTable Load(string stateDirectory)
    {
        var table = new MountTable(Path.Combine(stateDirectory, "mounts"), Path.Combine(stateDirectory, "temporary"));
        Directory.CreateDirectory(table._directory);
        if (Directory.Exists(table._temporaryDirectory))
        {
            Directory.Delete(table._temporaryDirectory, recursive: true);
        }

        Directory.CreateDirectory(table._temporaryDirectory);
        foreach (var path in Directory.EnumerateFiles(table._directory))
        {
            var record = Read(path);
            table._records[record.Volume] = record;
        }

        return table;
    }

    /// <summary>Gets the directory for files while they are written.</summary>
    public string TemporaryDirectory => _temporaryDirectory;

    /// <summary>Gets all records, by name.</summary>
    public IReadOnlyList<MountRecord> All => [.. _records.Values.OrderBy(record => record.Volume, StringComparer.Ordinal)];

    /// <summary>Finds the record of a volume.</summary>
    /// <param name="volume">The volume's name.</param>
    public MountRecord? Find(string volume) => _records.GetValueOrDefault(volume);

    /// <summary>Puts a record in the place of the volume's present one. It blocks.</summary>
    /// <param name="record">The record.</param>
    public void Save(MountRecord record)
    {
        DurableFile.Write(Path.Combine(_directory, record.Volume), _temporaryDirectory, JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Default.MountRecord));
        _records[record.Volume] = record;
    }

    /// <summary>Removes the record of a volume. It blocks.</summary>
    /// <param name="volume">The volume's name.</param>
    public void Remove(string volume)
    {
        if (_records.ContainsKey(volume))
        {
            DurableFile.Delete(Path.Combine(_directory, volume));
            _ = _records.TryRemove(volume, out _);
        }
    }

    private static MountRecord Read(string path)
    {
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), StateJson.Default.MountRecord) ?? throw new JsonException("It is empty");
            return record.Version == MountRecord.CurrentVersion && string.Equals(record.Volume, Path.GetFileName(path), StringComparison.Ordinal)
                ? record
                : throw new ClusterException(ErrorCode.Internal, $"The mount record '{path}' is of version {record.Version} and of volume '{record.Volume}'; this program reads version {MountRecord.CurrentVersion}. Start the program that wrote it.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Internal, $"The mount record '{path}' cannot be read ({exception.Message}). Move it away only when its volume is not mounted.", exception);
        }
    }
}
