using System.Collections.Concurrent;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>What goes wrong with one call of Ceph's.</summary>
public enum Fault
{
    /// <summary>It times out and has no effect.</summary>
    LostOnTheWay,

    /// <summary>It times out and has its effect.</summary>
    AnswerLost,

    /// <summary>The cluster host is killed before it.</summary>
    KilledBefore,

    /// <summary>The cluster host is killed after it.</summary>
    KilledAfter,
}

/// <summary>
/// Calls of Ceph's libraries of which one, told by its name and how many there were before it, goes wrong once, and another is held.
/// </summary>
internal sealed class FaultyCalls : CephCalls
{
    private const int TimedOut = -110;

    private readonly ConcurrentQueue<string> _made = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private (string Call, int Before, Fault Fault)? _fault;
    private volatile bool _dead;
    private volatile HeldCall? _held;

    /// <summary>Tells whether a call changes nothing, so that it makes no difference whether it or its answer is lost.</summary>
    public static bool OnlyLooks(string call) =>
        call is "rbd_open" or "rbd_get_size" or "rados_read" or "rbd.get_size" or "rados_omap_get" or "rados_ioctx_create" or "rbd_snap_list"
            or "rbd_trash_list" or "rbd_list_children" or "rbd_open_by_id" or "rbd_list" or "rbd_watchers_list"
            or "rados_mon_command fs ls" or "rados_mgr_command fs clone status" or "rados_mgr_command fs subvolume info"
            or "rados_mgr_command fs subvolume ls" or "rados_mgr_command fs subvolume getpath"
            or "rados_mgr_command fs subvolume snapshot info" or "rados_mgr_command fs subvolume snapshot ls";

    /// <summary>Gets the calls since <see cref="Watch"/>, but for those of the host's own look at Ceph's health and at what is used.</summary>
    public IReadOnlyList<string> Made => [.. _made];

    /// <summary>Gets whether the call has come that goes wrong.</summary>
    public bool Struck { get; private set; }

    /// <summary>Counts from now on.</summary>
    public void Watch(string? call = null, int before = 0, Fault fault = default)
    {
        _made.Clear();
        _counts.Clear();
        _fault = call is null ? null : (call, before, fault);
    }

    /// <summary>Holds the calls of a name that come from now on.</summary>
    public HeldCall Hold(string call) => _held = new HeldCall(call);

    public override int Try(string name, Func<int> call)
    {
        if (_held is { } held && held.Name == name)
        {
            held.Wait();
        }

        if (_dead)
        {
            return -CephException.Fenced;
        }

        if (Thread.CurrentThread.Name == CephHealth.ThreadName || name is "rbd_open_read_only" or "rbd_diff_iterate")
        {
            return call();
        }

        _made.Enqueue(name);
        var before = _counts.AddOrUpdate(name, 1, static (_, count) => count + 1) - 1;
        if (_fault is not { } fault || fault.Call != name || fault.Before != before)
        {
            return call();
        }

        Struck = true;
        if (fault.Fault is Fault.AnswerLost or Fault.KilledAfter)
        {
            _ = call();
        }

        _dead = fault.Fault is Fault.KilledBefore or Fault.KilledAfter;
        return TimedOut;
    }
}
