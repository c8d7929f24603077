using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace HedvigStorage.Connections;

/// <summary>The default connection, one for each runspace, as a variable of the session would be.</summary>
internal static class DefaultCluster
{
    private static readonly ConditionalWeakTable<Runspace, Slot> Slots = new();

    public static ConnectedCluster? Current
    {
        get => Runspace.DefaultRunspace is { } runspace && Slots.TryGetValue(runspace, out var slot) ? slot.Cluster : null;
        set
        {
            if (Runspace.DefaultRunspace is { } runspace)
            {
                Slots.GetOrCreateValue(runspace).Cluster = value;
            }
        }
    }

    /// <summary>Ends the default connection, if there is one.</summary>
    public static void Clear()
    {
        Current?.Client.Dispose();
        Current = null;
    }

    private sealed class Slot
    {
        public ConnectedCluster? Cluster { get; set; }
    }
}
