using System.Text.Json;
using HedvigStorage.Files;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Mounts;

/// <summary>
/// The file of the mount records: each change is a line added at its end, and the last line of a volume counts. One sync of the file makes
/// all lines durable that were added before it, so changes at the same time share one. After a failed write or sync nobody knows
/// what of the file is on disk, so it is rewritten then.
/// </summary>
internal sealed class MountJournal : IDisposable
{
    /// <summary>The version of the form.</summary>
    public const int CurrentVersion = 2;

    // Its uses do not tell the engine's process.
    private const int OldestVersion = 1;

    private readonly Dictionary<string, MountRecord> _records = new(StringComparer.Ordinal);
    private readonly string _path;

    // Taken in this order. Only a short write to the page cache is done under the second alone; the file is exchanged under both.
    private readonly Lock _syncing = new();
    private readonly Lock _writing = new();
    private SafeFileHandle? _file;
    private bool _sound;
    private long _length;
    private int _lines;
    private long _added;
    private long _synced;

    private MountJournal(string path) => _path = path;

    /// <summary>Gets the records that were read.</summary>
    public IReadOnlyCollection<MountRecord> Records => _records.Values;

    /// <summary>
    /// Reads a journal, or begins an empty one. One that can be read but not written now is written with the first change that can be. It
    /// blocks.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ClusterException">It cannot be read, or not be begun.</exception>
    public static MountJournal Open(string path)
    {
        var journal = new MountJournal(path);
        try
        {
            if (File.Exists(path))
            {
                journal.Begin(isWhole: journal.Read(File.ReadAllBytes(path)));
            }
            else
            {
                journal.Rewrite();
            }

            return journal;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.Internal,
                $"The mount records in '{path}' cannot be read ({exception.Message}). Move the file away only when no volume is mounted.",
                exception);
        }
    }

    /// <summary>Adds a change. It is on disk after <see cref="Flush"/>; until then it outlives the process but not the machine.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="record">Its record, or <see langword="null"/> if it has none any longer.</param>
    /// <returns>What to give to <see cref="Flush"/>.</returns>
    public long Add(string volume, MountRecord? record)
    {
        var line = JournalLine.Write(record is null ? new JournalEntry { Removed = volume } : new JournalEntry { Record = record });
        lock (_writing)
        {
            Note(volume, record);
            if (_sound)
            {
                try
                {
                    RandomAccess.Write(_file!, line, _length);
                    _length += line.Length;
                    _lines++;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // Half a line may be there: the next sync rewrites the file.
                    _sound = false;
                }
            }

            return ++_added;
        }
    }

    /// <summary>Waits until a change is on disk. It blocks.</summary>
    /// <param name="change">What <see cref="Add"/> gave.</param>
    /// <exception cref="IOException">It is not on disk.</exception>
    public void Flush(long change)
    {
        const int Slack = 256;
        lock (_syncing)
        {
            SafeFileHandle file;
            long added;
            lock (_writing)
            {
                if (_synced >= change)
                {
                    return;
                }

                if (!_sound || _lines > (_records.Count * 2) + Slack)
                {
                    Rewrite();
                    return;
                }

                (file, added) = (_file!, _added);
            }

            if (LibC.SynchronizeData(file) != 0)
            {
                var error = LibC.LastError;
                lock (_writing)
                {
                    // A second sync may report success for what the first has lost.
                    _sound = false;
                }

                throw LibC.Failure($"The mount records could not be written to '{_path}'", error);
            }

            _synced = added;
        }
    }

    /// <summary>Takes a change back that could not be written.</summary>
    /// <param name="volume">The volume's name.</param>
    /// <param name="before">The record that it has instead.</param>
    public void TakeBack(string volume, MountRecord? before)
    {
        lock (_writing)
        {
            Note(volume, before);
            _sound = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_syncing)
        {
            lock (_writing)
            {
                _sound = false;
                _file?.Dispose();
            }
        }
    }

    private void Begin(bool isWhole)
    {
        try
        {
            if (isWhole)
            {
                _file = OpenForWriting();
                _sound = true;
            }
            else
            {
                Rewrite();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _sound = false;
        }
    }

    private void Note(string volume, MountRecord? record)
    {
        if (record is null)
        {
            _ = _records.Remove(volume);
        }
        else
        {
            _records[volume] = record;
        }
    }

    private void Rewrite()
    {
        _sound = false;
        using var content = new MemoryStream();
        content.Write(JournalLine.Write(new JournalEntry { Version = CurrentVersion }));
        foreach (var record in _records.Values)
        {
            content.Write(JournalLine.Write(new JournalEntry { Record = record }));
        }

        DurableFile.Write(_path, content.ToArray(), DurableFile.OwnerOnly);
        var file = OpenForWriting();
        _file?.Dispose();
        (_file, _sound, _length, _lines, _synced) = (file, true, content.Length, _records.Count, _added);
    }

    private SafeFileHandle OpenForWriting() => File.OpenHandle(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);

    // Returns false if the file is to be rewritten: it is of an older version, or its end is damaged (a crash came while it was written, so
    // nobody has been told of it).
    private bool Read(ReadOnlySpan<byte> content)
    {
        var isCurrent = true;
        for (var number = 1; !content.IsEmpty || number == 1; number++)
        {
            var end = content.IndexOf((byte)'\n');
            if (end < 0 || !JournalLine.TryOpen(content[..end], out var json))
            {
                return number > 1 && !HasWholeLine(content)
                    ? false
                    : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"line {number} is damaged"));
            }

            var entry = JsonSerializer.Deserialize(json, StateJson.Default.JournalEntry);
            if (number == 1 && entry?.Version is not (>= OldestVersion and <= CurrentVersion))
            {
                throw new JsonException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"it is of version {entry?.Version ?? 0} and this program reads up to version {CurrentVersion}: "
                            + $"start the program that wrote it"));
            }

            isCurrent &= number > 1 || entry?.Version == CurrentVersion;
            if ((entry?.Record?.Volume ?? entry?.Removed) is { } volume)
            {
                Note(volume, entry!.Record);
            }

            _lines++;
            _length += end + 1;
            content = content[(end + 1)..];
        }

        return isCurrent;
    }

    private static bool HasWholeLine(ReadOnlySpan<byte> content)
    {
        for (int end; (end = content.IndexOf((byte)'\n')) >= 0; content = content[(end + 1)..])
        {
            if (JournalLine.TryOpen(content[..end], out _))
            {
                return true;
            }
        }

        return false;
    }
}
