using System.Diagnostics;

namespace HedvigStorage.Tests.Shared;

/// <summary>
/// A small Ceph cluster of <c>ceph.sh</c>'s on this machine: six OSDs on hosts of their own, in four racks and two data centers. It starts
/// with the first one to ask for it.
/// </summary>
/// <remarks>
/// dc1: r1 (h1 with the SSD osd.0, h2 with the HDD osd.1), r4 (h5 with the SSD osd.4). dc2: r2 (h3 with the SSD osd.2), r3 (h4 and h6 with
/// the HDDs osd.3 and osd.5).
/// </remarks>
internal sealed class CephDaemons : IDisposable
{
    /// <summary>The Ceph user that may do everything.</summary>
    public const string User = "admin";

    /// <summary>The Ceph user that has the rights of a cluster host.</summary>
    public const string HostUser = "hedvig";

    private const string Prefix = "hv-ceph-";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Ceph", "ceph.sh");

    private static int s_clusters;

    private readonly Lock _lock = new();
    private string? _directory;

    /// <summary>Gets why there can be no Ceph cluster here, or <see langword="null"/>.</summary>
    public static string? Missing { get; } =
        File.Exists("/usr/bin/ceph-osd") && File.Exists("/usr/bin/ceph-mds") && File.Exists("/usr/bin/ceph")
            ? null
            : "Ceph is missing: install ceph-mon, ceph-mgr, ceph-osd, ceph-mds and ceph-common.";

    /// <summary>
    /// Gets what clients of the cluster are configured with. The first one to ask starts the cluster; where Ceph is missing, that test is
    /// skipped.
    /// </summary>
    public string ConfigFile => Path.Combine(Start(), "ceph.conf");

    /// <summary>Does something to a daemon.</summary>
    /// <param name="action">What <c>ceph.sh</c> calls it.</param>
    /// <param name="daemon">Such as <c>osd.1</c>, <c>mon.a</c>, <c>mgr.a</c> or <c>mds.a</c>.</param>
    public void Control(string action, string daemon) => _ = Shell.Run("bash", Script, action, Start(), daemon);

    /// <summary>Runs one of Ceph's programs as the user that may do everything, and gets what it writes.</summary>
    public string Run(string program, params string[] arguments) => Shell.Run(program, ["--conf", ConfigFile, .. arguments]);

    public void Dispose()
    {
        if (_directory is not null)
        {
            _ = Shell.Run("bash", Script, "down", _directory);
        }
    }

    private string Start()
    {
        lock (_lock)
        {
            if (_directory is null)
            {
                Skip.If(Missing is not null, Missing);
                EndOrphans();
                var name = string.Create(
                    CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_clusters)}");
                var directory = Path.Combine(Path.GetTempPath(), name);
                _ = Shell.Run("bash", Script, "up", directory);
                _directory = directory;
            }

            return _directory;
        }
    }

    // A run that was ended from outside has left its cluster.
    private static void EndOrphans()
    {
        foreach (var directory in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(directory)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out var process) && !IsRunning(process))
            {
                _ = Shell.Try("bash", Script, "down", directory);
            }
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
