using System.Collections.Concurrent;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>The records of all volumes that this plugin host has attached. Changes of one volume never overlap.</summary>
internal sealed class MountTable : IDisposable
{
    private const string FileName = "mounts.journal";

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
    /// <exception cref="ClusterException">It cannot be read: nothing may be mounted or unmounted before it is known what it
    /// says.</exception>
    public static MountTable Load(string stateDirectory)
    {
        var temporary = Path.Combine(stateDirectory, "temporary");
        try
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            Directory.CreateDirectory(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is mounted must be answered for on a full disk too. Who needs the directory says that it is not there.
        }

        return new MountTable(MountJournal.Open(Path.Combine(stateDirectory, FileName)), temporary);
    }

    /// <summary>
    /// Puts records aside that are another plugin host's: what they say is mounted is mounted there. The file stays, under another name.
    /// </summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <exception cref="IOException">They cannot be put aside.</exception>
    public static void PutAside(string stateDirectory)
    {
        var path = Path.Combine(stateDirectory, FileName);
        if (File.Exists(path))
        {
            File.Move(path, path + ".copied", overwrite: true);
        }
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
    /// Puts a record in the place of the volume's present one, for what has happened already and is true whether it can be written or not:
    /// a use has ended, a lease is to be given back. It is on disk when this returns unless the disk cannot be written; then it is with the
    /// next record that can be. It blocks.
    /// </summary>
    /// <param name="record">The record.</param>
    public void Note(MountRecord record)
    {
        try
        {
            Save(record);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _records[record.Volume] = record;
            _ = _journal.Add(record.Volume, record);
        }
    }

    /// <summary>
    /// Removes the record of a volume. The end of the process does not undo it; that of the machine may, and then does no harm: the record
    /// is of an earlier boot, whose mounts and leases are gone with it, and a file system that a record says is being made has been given
    /// to nobody, as the record that it is mounted is on disk before it is.
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
