using System.Collections.Concurrent;
using System.Text.Json;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.Protocol;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.PluginHost.Volumes;

/// <summary>
/// The volumes as the cluster told them last. dockerd forgets a volume whose driver says that it is not there, so an outage of the
/// cluster must not look like that. Each change is a line added to a file: cheap, and after a crash at worst the last line is missing,
/// for which the cluster is asked again. What is in memory counts: a disk that cannot be written takes nothing from an answer, and the file
/// is written whole as soon as it can be.
/// </summary>
internal sealed class VolumeCache : IDisposable
{
    private readonly ConcurrentDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ILogger _log;
    private readonly Lock _writing = new();
    private FileStream? _file;
    private bool _failed;
    private int _lines;

    private VolumeCache(string path, ILogger log)
    {
        _path = path;
        _log = log;
    }

    /// <summary>Reads the cache, or begins an empty one.</summary>
    /// <param name="stateDirectory">The directory of the plugin host's state.</param>
    /// <param name="log">Where it is said that the file cannot be written.</param>
    public static VolumeCache Load(string stateDirectory, ILogger log)
    {
        var cache = new VolumeCache(Path.Combine(stateDirectory, "volumes.jsonl"), log);
        if (File.Exists(cache._path))
        {
            foreach (var line in File.ReadLines(cache._path))
            {
                cache.Read(line);
            }
        }

        return cache;
    }

    /// <summary>Gets all volumes, by name.</summary>
    public IEnumerable<Volume> All => _volumes.Values.OrderBy(volume => volume.Name, StringComparer.Ordinal);

    /// <summary>Finds a volume.</summary>
    /// <param name="name">The name.</param>
    public Volume? Find(string name) => _volumes.GetValueOrDefault(name);

    /// <summary>Notes a volume as the cluster told it.</summary>
    /// <param name="volume">The volume.</param>
    public void Put(Volume volume)
    {
        if (_volumes.TryGetValue(volume.Name, out var known) && IsSame(known, volume))
        {
            return;
        }

        _volumes[volume.Name] = volume;
        Append(new CachedVolume { Volume = volume.ToMessage() });
    }

    /// <summary>Notes that the cluster said that there is no such volume.</summary>
    /// <param name="name">The name.</param>
    public void Remove(string name)
    {
        if (_volumes.TryRemove(name, out _))
        {
            Append(new CachedVolume { Removed = name });
        }
    }

    /// <summary>Notes the cluster's whole listing.</summary>
    /// <param name="volumes">All volumes.</param>
    /// <param name="before">The names that were known before the listing was asked for: those that it lacks are gone; others were made
    /// meanwhile.</param>
    public void Replace(IReadOnlyCollection<Volume> volumes, IReadOnlyCollection<string> before)
    {
        var listed = volumes.Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var volume in volumes)
        {
            Put(volume);
        }

        foreach (var name in before.Where(name => !listed.Contains(name)))
        {
            Remove(name);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_writing)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    // The same labels of two answers are two dictionaries.
    private static bool IsSame(Volume known, Volume volume) =>
        known with { Labels = volume.Labels } == volume
        && known.Labels.Count == volume.Labels.Count
        && known.Labels.All(
            label => volume.Labels.TryGetValue(label.Key, out var value) && string.Equals(value, label.Value, StringComparison.Ordinal));

    private void Read(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(line, CacheJson.Default.CachedVolume);
            if (entry?.Volume?.ToModel() is { } volume)
            {
                _volumes[volume.Name] = volume;
            }
            else if (entry?.Removed is { } name)
            {
                _ = _volumes.TryRemove(name, out _);
            }

            _lines++;
        }
        catch (Exception exception) when (exception is JsonException or ClusterException)
        {
            // The last line of a crash, or one of another version. What it told is asked of the cluster again.
            _lines++;
        }
    }

    private void Append(CachedVolume entry)
    {
        const int Slack = 1000;
        lock (_writing)
        {
            try
            {
                if (_file is null || _lines > (_volumes.Count * 2) + Slack)
                {
                    Rewrite();
                }
                else
                {
                    Write(_file, entry);
                }

                _failed = false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Half a line may be there: the next change writes the file whole.
                _file?.Dispose();
                _file = null;
                if (!_failed)
                {
                    PluginLog.CacheNotWritten(_log, _path, exception.Message);
                }

                _failed = true;
            }
        }
    }

    // Nothing is flushed to disk: volumes are noted while requests wait, and what is lost is asked of the cluster again.
    private void Rewrite()
    {
        var temporary = _path + ".new";
        var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            _lines = 0;
            foreach (var volume in _volumes.Values)
            {
                Write(file, new CachedVolume { Volume = volume.ToMessage() });
            }

            File.Move(temporary, _path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }

        _file?.Dispose();
        _file = file;
    }

    private void Write(FileStream file, CachedVolume entry)
    {
        _lines++;
        file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, CacheJson.Default.CachedVolume), (byte)'\n']);
    }
}
