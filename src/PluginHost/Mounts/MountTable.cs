using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>The records of all volumes that this plugin host has attached. Changes of one volume never overlap.</summary>
internal sealed class MountTable : IDisposable
{
    private readonly ConcurrentDictionary<string, MountRecord> _records = new(StringComparer.Ordinal);
    private readonly MountJournal _journal;

    private MountTable(MountJournal journal, string temporaryDirectory)
    {
        _journal = journal;
        TemporaryDirectory = temporaryDirectory;
        foreach (var record in journal.Records)
        {
            _records[record.Volume] = record;
        }
    }

    /// <summary>Reads the table, or begins an empty one.</summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <exception cref="ClusterException">It cannot be read: nothing may be mounted or unmounted before it is known what it says.</exception>
    public static MountTable Load(string stateDirectory)
    {
        var temporary = Path.Combine(stateDirectory, "temporary");
        if (Directory.Exists(temporary))
        {
            Directory.Delete(temporary, recursive: true);
        }

        Directory.CreateDirectory(temporary);
        return new MountTable(MountJournal.Open(Path.Combine(stateDirectory, "mounts.journal")), temporary);
    }

    /// <summary>Gets the directory for files while they are written.</summary>
    public string TemporaryDirectory { get; }

    /// <summary>Gets all records, by name.</summary>
    public IReadOnlyList<MountRecord> All => [.. _records.Values.OrderBy(record => record.Volume, StringComparer.Ordinal)];

    /// <summary>Finds the record of a volume.</summary>
    /// <param name="volume">The volume's name.</param>
    public MountRecord? Find(string volume) => _records.GetValueOrDefault(volume);

    /// <summary>Puts a record in the place of the volume's present one; it is on disk when this returns. It blocks.</summary>
    /// <param name="record">The record.</param>
    /// <exception cref="IOException">It could not be written; the present one stays.</exception>
    public void Save(MountRecord record)
    {
        try
        {
            _journal.Flush(_journal.Add(record.Volume, record));
        }
        catch
        {
            _journal.TakeBack(record.Volume, Find(record.Volume));
            throw;
        }

        _records[record.Volume] = record;
    }

    /// <summary>
    /// Removes the record of a volume. The end of the process does not undo it; that of the machine may, and then does no harm: the record is
    /// of an earlier boot, whose mounts and leases are gone with it, and a file system that a record says is being made has
    /// been given to nobody, as the record that it is mounted is on disk before it is.
    /// </summary>
    /// <param name="volume">The volume's name.</param>
    public void Remove(string volume)
    {
        if (_records.TryRemove(volume, out _))
        {
            _ = _journal.Add(volume, record: null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _journal.Dispose();
}
