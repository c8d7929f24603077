using System.Collections.Concurrent;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// The file system with the volumes of type File: the only one of the Ceph cluster, or the one that is named as the pools' names begin.
/// Each pool has a group of subvolumes with its name, so that one listing of a group tells where all of them lie: Ceph tells the pool of a
/// subvolume only one at a time. Methods block their thread.
/// </summary>
/// <param name="monitors">Who knows which file systems there are.</param>
/// <param name="manager">Who does what is done to subvolumes.</param>
/// <param name="prefix">What the names of pools begin with.</param>
internal sealed class CephFileSystem(ICephMonitor monitors, ICephMonitor manager, string prefix)
    : IDisposable
{
    private readonly ConcurrentDictionary<string, bool> _groups = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _paths = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private volatile string? _name;

    /// <summary>Gets the name, which is looked up until there is one.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/>: there is none, or which one it is cannot be
    /// told.</exception>
    public string Name => _name ??= Choose(List(monitors), prefix);

    /// <summary>Gets what ends waits that have no limit.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Finds the name, or <see langword="null"/> if there is none, or which one it is cannot be told.</summary>
    /// <exception cref="CephException">The monitors do not answer.</exception>
    public static string? Find(ICephMonitor monitor, string prefix) => List(monitor) switch
    {
        [var only] => only,
        var several => several.Find(name => name == prefix),
    };

    public SubvolumeStore Store(string pool) => new(this, pool);

    /// <summary>Carries out a command of the manager's on the file system.</summary>
    /// <returns>Its answer.</returns>
    /// <exception cref="CephException">It has failed.</exception>
    public byte[] Run(string command, params ReadOnlySpan<(string Name, object? Value)> arguments)
    {
        var name = Name;
        try
        {
            return manager.Command(CephCommand.Write(command, [("vol_name", name), .. arguments]));
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            // Only what is missing in a file system that is there is gone.
            var names = List(monitors);
            if (names.Contains(name, StringComparer.Ordinal))
            {
                throw;
            }

            throw new ClusterException(
                ErrorCode.Unreachable,
                $"Ceph has no file system '{name}' any longer; it has {(names.Count == 0 ? "none" : $"'{string.Join("', '", names)}'")}. "
                    + "If it has another name now, restart hv-cluster.",
                error);
        }
    }

    /// <summary>Makes sure that a pool's group is there, which it is asked for once.</summary>
    public void RequireGroup(string pool)
    {
        if (!_groups.ContainsKey(pool))
        {
            _ = Run("fs subvolumegroup create", ("group_name", pool));
            _groups[pool] = true;
        }
    }

    /// <summary>Forgets that a group is there.</summary>
    public void ForgetGroup(string pool) => _groups.TryRemove(pool, out _);

    /// <summary>Tells the path of a subvolume, which never changes, if it has been told already.</summary>
    public string? FindPath(string volume) => _paths.GetValueOrDefault(volume);

    public void PutPath(string volume, string path) => _paths[volume] = path;

    public void ForgetPath(string volume) => _paths.TryRemove(volume, out _);

    public void Dispose() => _stop.Cancel();

    private static List<string> List(ICephMonitor monitor)
    {
        using var answer = monitor.Ask("fs ls");
        return [.. answer.RootElement.EnumerateArray().Select(each => each.GetProperty("name").GetString()!)];
    }

    private static string Choose(List<string> names, string prefix) => names switch
    {
        [var only] => only,
        [] => throw new ClusterException(
            ErrorCode.Refused,
            "Volumes of type File need a CephFS, and this Ceph cluster has none. Make one: 'ceph fs volume create NAME'."),
        _ when names.Contains(prefix, StringComparer.Ordinal) => prefix,
        _ => throw new ClusterException(
            ErrorCode.Refused,
            $"This Ceph cluster has several file systems ({string.Join(", ", names)}), and none is named '{prefix}'. Volumes of type File "
                + "are in the one that is named as --ceph-pool says."),
    };
}
